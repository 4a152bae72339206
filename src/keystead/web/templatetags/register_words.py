"""Filters that turn the stable words of the register into words people read."""

from django import template

from keystead.web import words

register = template.Library()


@register.filter
def role_word(role: str) -> str:
    """The word for a role: "key manager"."""
    return str(words.ROLES.get(role, role))


@register.filter
def kind_word(kind: str) -> str:
    """The word for a kind of space, access point, lock, container or incident."""
    return str(words.ALL.get(kind, kind))
