"""The OpenAPI document: what ninja says, made true where it does not know better.

`keystead openapi docs/openapi.json` writes the copy in the documentation.
"""

import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ninja import NinjaAPI

from keystead.api.endpoints import LONGEST_KEY
from keystead.api.problems import MEDIA_TYPE

SLUG = {
    "in": "path",
    "name": "slug",
    "required": True,
    "description": "The name of the workspace in its address.",
    "schema": {"type": "string", "maxLength": 60},
}
FILES = {
    "export_copies": ("text/csv",),
    "download_import_problems": ("text/csv",),
    "export_journal": ("application/x-ndjson",),
    "export_everything": (
        "application/zip",
        "application/json",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
"""Operations that answer with a file, and its types."""
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent again with the same body, nothing happens twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}


IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": False,
    "description": "The ETag of the thing as it was read, in place of `version` in the body. "
    "412 when somebody changed it since.",
    "schema": {"type": "string", "maxLength": 200},
}
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "The ETag of an answer one has; 304 when it is still the same.",
    "schema": {"type": "string", "maxLength": 200},
}
ETAG = {
    "description": "Names this answer, and the version of the thing. Send it as If-Match to "
    "change the thing, as If-None-Match to ask whether it is still so.",
    "schema": {"type": "string"},
}
LINK = {
    "description": 'The address of the next page, rel="next" (RFC 8288), where there is one.',
    "schema": {"type": "string"},
}
TAGS = {
    "workspace": "The workspace a token opens, and the search over everything in it.",
    "places": "Sites, spaces and access points.",
    "hardware": "Containers and their hooks, locks, cylinders, and codes without their values.",
    "keys": "Key systems, keys, what they open, and how many copies there are.",
    "copies": "Copies with their whereabouts, rings and tags.",
    "custody": "The logbook: hand out, take back, pass on, lose and find.",
    "people": "Persons, firms and members.",
    "many": "Many items in one request, all or nothing or each by itself.",
    "imports": "Bringing a register in.",
    "exports": "Taking everything out.",
    "journal": "What happened, and proof that nothing of it was changed.",
}
REFUSED = {
    400: ("bad-request", "The body is not JSON in UTF-8.", {}),
    401: ("unauthorized", "Send a token that is still good: `Authorization: Bearer ks_…`.", {}),
    403: ("forbidden", "You may not do this here. Ask an owner of this workspace.", {}),
    404: ("not-found", "There is no such copy.", {"copy_id": 99}),
    409: ("name-taken", "There is already a site called this.", {"field": "name"}),
    412: ("changed-meanwhile", "Somebody changed this while you were writing.", {"version": 2}),
    413: ("too-big", "This is too big.", {}),
    415: ("unsupported-media-type", "Send the body as application/json in UTF-8.", {}),
    422: ("invalid", "This cannot be empty.", {"field": "name"}),
    503: ("busy", "Keystead is busy. Please try again in a moment.", {}),
}
"""What a refusal of each status may look like: its code, sentence and data."""
EXAMPLES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "examples.json").read_text(encoding="utf-8")
)
"""A request and its answer for every operation, as a test recorded them."""


def document(api: NinjaAPI) -> dict[str, Any]:
    """The document as plain JSON values."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    found["tags"] = [{"name": name, "description": told} for name, told in TAGS.items()]
    refusals = found["components"].setdefault("responses", {})
    for path, methods in found["paths"].items():
        for method, endpoint in methods.items():
            endpoint["parameters"].insert(0, SLUG)
            _tell_conditions(method, endpoint)
            _tell_summary(endpoint)
            if files := FILES.get(endpoint["operationId"]):
                good = endpoint["responses"]["200"]
                good["content"] = {kind: {"schema": {"type": "string"}} for kind in files}
            _tell_example(path, endpoint)
            for status in [s for s in endpoint["responses"] if int(s) >= HTTPStatus.BAD_REQUEST]:
                answer = endpoint["responses"][status]
                told = answer["content"].pop("application/json")
                answer["content"] = {MEDIA_TYPE: told | {"example": _refused(int(status))}}
                refusals[status] = answer
                endpoint["responses"][status] = {"$ref": f"#/components/responses/{status}"}
    return found


def _refused(status: int) -> dict[str, Any]:
    code, detail, data = REFUSED[status]
    return {
        "type": f"urn:keystead:error:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "data": data,
    }


def _tell_conditions(method: str, endpoint: dict[str, Any]) -> None:
    """The headers that ninja does not know of."""
    good = endpoint["responses"].get("200", {})
    if method != "get":
        endpoint["parameters"].append(IDEMPOTENCY_KEY)
    elif endpoint["operationId"] not in FILES:
        endpoint["parameters"].append(IF_NONE_MATCH)
        endpoint["responses"]["304"] = {"description": "It is still as the ETag says."}
        good["headers"] = {"ETag": ETAG}
        if any(one["name"] == "after" for one in endpoint["parameters"]):
            good["headers"]["Link"] = LINK
    if str(HTTPStatus.PRECONDITION_FAILED.value) in endpoint["responses"]:
        endpoint["parameters"].append(IF_MATCH)
        good["headers"] = {"ETag": ETAG}


def _tell_example(path: str, endpoint: dict[str, Any]) -> None:
    """The recorded request and answer of this operation."""
    example = EXAMPLES.get(endpoint["operationId"])
    if example is None:
        return
    address = urlsplit(example["path"])
    asked = {name: values[-1] for name, values in parse_qs(address.query).items()}
    wanted = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
    if placed := re.fullmatch(wanted, address.path):
        asked |= placed.groupdict()
    for parameter in endpoint["parameters"]:
        if (value := asked.get(parameter["name"])) is not None and parameter is not SLUG:
            parameter["example"] = _typed(value, parameter["schema"])
    if example["body"] is not None:
        content = endpoint["requestBody"]["content"]
        next(iter(content.values()))["example"] = example["body"]
    answer = endpoint["responses"].get(str(example["status"]), {}).get("content")
    for content in (answer or {}).values():
        content["example"] = example["answer"]


def _typed(text: str, schema: dict[str, Any]) -> Any:
    """What the text in an address stands for."""
    kinds = {one.get("type") for one in (schema, *schema.get("anyOf", ()))}
    if "array" in kinds:
        return [text]
    if "boolean" in kinds:
        return text == "true"
    return int(text) if "integer" in kinds else text


def _tell_summary(endpoint: dict[str, Any]) -> None:
    """The first sentence of the docstring is the summary."""
    first, _, rest = endpoint.get("description", "").partition("\n\n")
    endpoint["summary"] = " ".join(first.split())
    endpoint.pop("description", None)
    if rest:
        endpoint["description"] = " ".join(rest.split())
