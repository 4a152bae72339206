"""Telling people: notices in the product, and digests by mail."""
