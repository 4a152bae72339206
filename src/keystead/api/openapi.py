"""The OpenAPI document: what ninja says, made true where it does not know better.

`keystead openapi docs/openapi.json` writes the copy in the documentation.
"""

import json
from http import HTTPStatus
from typing import Any

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
    "export_copies": "text/csv",
    "import_problems": "text/csv",
    "export_journal": "application/x-ndjson",
}
"""Operations that answer with a file, and its type."""
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Sent again with the same body, nothing happens twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}


def document(api: NinjaAPI) -> dict[str, Any]:
    """The document as plain JSON values."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="api/v1/")))
    refusals = found["components"].setdefault("responses", {})
    for methods in found["paths"].values():
        for method, endpoint in methods.items():
            endpoint["parameters"].insert(0, SLUG)
            if method != "get":
                endpoint["parameters"].append(IDEMPOTENCY_KEY)
            _tell_summary(endpoint)
            if kind := FILES.get(endpoint["operationId"]):
                good = endpoint["responses"]["200"]
                good["content"] = {kind: {"schema": {"type": "string"}}}
            for status in [s for s in endpoint["responses"] if int(s) >= HTTPStatus.BAD_REQUEST]:
                answer = endpoint["responses"][status]
                answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
                refusals[status] = answer
                endpoint["responses"][status] = {"$ref": f"#/components/responses/{status}"}
    return found


def _tell_summary(endpoint: dict[str, Any]) -> None:
    """The first sentence of the docstring is the summary."""
    first, _, rest = endpoint.get("description", "").partition("\n\n")
    endpoint["summary"] = " ".join(first.split())
    endpoint.pop("description", None)
    if rest:
        endpoint["description"] = " ".join(rest.split())
