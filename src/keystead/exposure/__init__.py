"""Who can get in: ways in, reach and exposure. Only the pure graph so far; nothing asks it yet."""
