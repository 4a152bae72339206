"""What is measured, one module per part; each has `measure(stand, …) -> list[Figure]`."""
