"""Entity tags: an answer that did not change is not sent again, a change is not lost.

The tag of a thing is `"<version>-<digest>"`, the tag of anything else `"<digest>"`. The digest is
that of the whole answer; the version is what `If-Match` is compared by, because whereabouts and
names of other things in an answer are no reason to refuse a change of this one.
"""

import hashlib
import re
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from keystead.api.values import Body, Id
from keystead.kernel.errors import Invalid

_TAG = re.compile(r'(?:W/)?"([1-9]\d{0,18})(?:-[0-9a-f]{0,64})?"')
UNNAMED = 0
B = TypeVar("B", bound="Changed")


class Changed(Body):
    """A whole thing as it is to be. The version it was read at comes here or as `If-Match`."""

    version: Id = Field(
        default_factory=lambda: UNNAMED,
        description="The version it was read at, unless `If-Match` names it.",
    )


def with_version(request: HttpRequest, body: B) -> B:
    """The body with the version that it or `If-Match` names. Raises Invalid without any."""
    header = _if_match(request)
    if header is None:
        if body.version == UNNAMED:
            raise Invalid(
                _("Say which version you read: `version` in the body, or If-Match."),
                field="version",
            )
        return body
    if body.version not in (UNNAMED, header):
        raise Invalid(_("`version` and If-Match name different versions."), field="version")
    request.__dict__["is_conditional"] = True
    return body.model_copy(update={"version": header})


def refuse_if_match(request: HttpRequest) -> None:
    """Raise Invalid where a condition would be passed over in silence."""
    if "If-Match" in request.headers:
        raise Invalid(_("This cannot be tied to a version; leave If-Match out."), field="If-Match")


def is_conditional(request: HttpRequest) -> bool:
    """Whether this request is to be refused as a failed condition if it comes too late."""
    return bool(request.__dict__.get("is_conditional"))


def note_version(request: HttpRequest, answer: object) -> None:
    """Remember the version of the thing that is answered, for its tag."""
    request.__dict__["version_told"] = getattr(answer, "version", None)


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """This answer with its tag, or 304 where the caller has it already."""
    version: Any = request.__dict__.get("version_told")
    is_read = request.method == "GET" and response.status_code == 200
    if not is_read and version is None:
        return response
    digest = hashlib.sha256(response.content).hexdigest()[:24]
    tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
    if is_read and _has(request, tag):
        response = HttpResponse(status=304)
    response["ETag"] = tag
    return response


def _has(request: HttpRequest, tag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return tag in [one.strip().removeprefix("W/") for one in known.split(",")] or known == "*"


def _if_match(request: HttpRequest) -> int | None:
    text = request.headers.get("If-Match")
    if text is None:
        return None
    found = _TAG.fullmatch(text.strip())
    if found is None or int(found[1]) >= 2**63:
        raise Invalid(_("If-Match takes one ETag of this thing, as it was."), field="If-Match")
    return int(found[1])
