"""How Keystead talks to its embedded database. PostgreSQL needs nothing of ours."""
