"""What is wrong with a field, in a sentence of ours: the parser's own words are for programmers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_SENTENCES = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is no such field here."),
    "string_type": gettext_noop("This must be text."),
    "string_pattern_mismatch": gettext_noop("This has characters that do not belong here."),
    "string_too_long": gettext_noop("This is too long: at most %(max_length)s characters."),
    "string_too_short": gettext_noop("This is too short: at least %(min_length)s characters."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "int_parsing_size": gettext_noop("This number is too large."),
    "float_type": gettext_noop("This must be a number."),
    "float_parsing": gettext_noop("This must be a number."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "greater_than": gettext_noop("This must be more than %(gt)s."),
    "greater_than_equal": gettext_noop("This must be at least %(ge)s."),
    "less_than": gettext_noop("This must be less than %(lt)s."),
    "less_than_equal": gettext_noop("This must be at most %(le)s."),
    "list_type": gettext_noop("This must be a list."),
    "too_long": gettext_noop("This list is too long: at most %(max_length)s."),
    "too_short": gettext_noop("This list is too short: at least %(min_length)s."),
    "dict_type": gettext_noop("This must be an object with fields."),
    "model_type": gettext_noop("This must be an object with fields."),
    "model_attributes_type": gettext_noop("This must be an object with fields."),
    "timezone_aware": gettext_noop(
        "This time does not say its zone. Add it: 2026-11-24T17:00:00+01:00."
    ),
    "datetime_type": gettext_noop("This is no time. Write it like 2026-11-24T17:00:00+01:00."),
    "datetime_parsing": gettext_noop("This is no time. Write it like 2026-11-24T17:00:00+01:00."),
    "datetime_from_date_parsing": gettext_noop(
        "This is no time. Write it like 2026-11-24T17:00:00+01:00."
    ),
    "datetime_object_invalid": gettext_noop(
        "This is no time. Write it like 2026-11-24T17:00:00+01:00."
    ),
    "date_type": gettext_noop("This is no day. Write it like 2026-11-24."),
    "date_parsing": gettext_noop("This is no day. Write it like 2026-11-24."),
    "date_from_datetime_parsing": gettext_noop("This is no day. Write it like 2026-11-24."),
    "enum": gettext_noop("This is none of the choices: %(expected)s."),
    "literal_error": gettext_noop("This is none of the choices: %(expected)s."),
    "json_invalid": gettext_noop("This is not JSON."),
    "no-such-parameter": gettext_noop("There is no such parameter."),
    "text-such-as": gettext_noop("This must be text such as %(example)s."),
    "year-out-of-range": gettext_noop("This year is out of range."),
}
_OTHERWISE = gettext_noop("This is not valid here.")


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong according to one error of the parser, in the language of the answer."""
    words = _SENTENCES.get(str(error["type"]), _OTHERWISE)
    try:
        about = dict(error.get("ctx", {}))
        if "expected" in about:
            about["expected"] = str(about["expected"]).replace(" or ", ", ")
        return _(words) % about
    except KeyError:
        return _(_OTHERWISE)
