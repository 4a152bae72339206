"""Pure words every context shares. Imports nothing of ours and no framework."""
