"""Addresses of the journal and the search, inside a workspace."""

from django.urls import path

from keystead.web import journal, search

urlpatterns = [
    path("journal", journal.entries, name="journal"),
    path("journal/verify", journal.verify, name="journal-verify"),
    path("clock/confirm", journal.clock_confirm, name="clock-confirm"),
    path("search", search.find, name="search"),
]
