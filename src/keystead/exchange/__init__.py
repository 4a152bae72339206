"""Import and export. Reading, guessing and planning are pure: no database, no framework."""
