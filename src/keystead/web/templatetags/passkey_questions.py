"""Questions of passkeys for the browser, as text in an attribute."""

import json
from typing import Any

from django import template

from keystead.people.passkeys import plain

register = template.Library()


@register.filter
def as_json(question: Any) -> str:
    """A question as JSON."""
    return json.dumps(plain(question))
