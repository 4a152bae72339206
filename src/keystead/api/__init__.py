"""The REST API under /api/v1/: parse, call a verb or query, show. No rules live here."""
