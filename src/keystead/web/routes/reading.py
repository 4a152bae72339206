"""Addresses of the journal and the search, inside a workspace."""

from django.urls import path

from keystead.web import journal, sealing, search

urlpatterns = [
    path("journal", journal.entries, name="journal"),
    path("journal/verify", journal.verify, name="journal-verify"),
    path("journal/export.jsonl", sealing.download, name="journal-export"),
    path("journal/checkpoint", sealing.checkpoint, name="journal-checkpoint"),
    path("clock/confirm", journal.clock_confirm, name="clock-confirm"),
    path("search", search.find, name="search"),
]
