"""The OpenAPI documentation of the paths that FastAPI does not find in the code.

b12labs reads the bodies itself, so it documents them here.
"""

from __future__ import annotations

from typing import Any, get_args

from b12labs.answer.compact import CompactAnswer, Detail
from b12labs.integrations.cds_hooks.services import HOOKS
from b12labs.patient.interpretation import Interpretation
from b12labs.schemas import panel_schema

__all__ = [
    "DESCRIPTION",
    "DISCOVERY",
    "FEEDBACK",
    "INTERPRET",
    "READY",
    "SERVICE",
    "SUMMARY",
    "V1_INTERPRET",
    "components",
]

SUMMARY = "Interprets vitamin B12, its metabolites, folate and blood counts together."
DESCRIPTION = (
    "Decision support for clinicians, not a diagnosis. It is not registered as a medical device. Every refusal is a "
    "FHIR OperationOutcome."
)

_OUTCOME = {
    "type": "object",
    "required": ["resourceType", "issue"],
    "properties": {
        "resourceType": {"const": "OperationOutcome"},
        "issue": {"type": "array", "minItems": 1, "items": {"type": "object"}},
    },
}
_REFUSALS = {
    400: "The body is not valid JSON, or a member is malformed",
    401: "No token, or a refused token",
    404: "No such service",
    408: "The body did not arrive in time",
    412: "Required data was not sent",
    413: "Too much data in one request",
    415: "Another content type, or a compressed body",
    422: "The body is not a panel, or a resource belongs to another patient",
    503: "The service is busy, or a file that a call writes is not writable",
}


def _refusals(*codes: int) -> dict[int | str, dict[str, Any]]:
    return {
        code: {"description": _REFUSALS[code], "content": {"application/json": {"schema": _OUTCOME}}} for code in codes
    }


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _answer(description: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"description": description, "content": {"application/json": {"schema": schema}}}}


_TEXT = {"type": "string", "minLength": 1}
_SERVICE_ID = {"name": "service", "in": "path", "required": True, "schema": {"type": "string", "enum": list(HOOKS)}}
_CARD = {
    "type": "object",
    "required": ["summary", "indicator", "source"],
    "properties": {
        "uuid": _TEXT,
        "summary": {"type": "string", "minLength": 1, "maxLength": 139},
        "indicator": {"enum": ["info", "warning"]},
        "detail": _TEXT,
        "source": {"type": "object", "required": ["label", "topic"]},
        "suggestions": {"type": "array", "minItems": 1},
        "selectionBehavior": {"const": "any"},
        "overrideReasons": {"type": "array", "minItems": 1},
    },
}
_HOOK = {
    "type": "object",
    "required": ["hook", "hookInstance", "context"],
    "properties": {
        "hook": {"type": "string", "enum": list(HOOKS.values())},
        "hookInstance": _TEXT,
        "context": {
            "type": "object",
            "required": ["userId", "patientId"],
            "properties": {
                "userId": _TEXT,
                "patientId": {"type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$"},
                "draftOrders": {"type": "object"},
                "selections": {"type": "array", "items": {"type": "string"}},
            },
        },
        "prefetch": {"type": "object"},
    },
}
_FEEDBACK = {
    "type": "object",
    "required": ["feedback"],
    "properties": {
        "feedback": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["card", "outcome"],
                "properties": {
                    "card": {"type": "string", "format": "uuid"},
                    "outcome": {"enum": ["accepted", "overridden"]},
                },
            },
        }
    },
}
_DETAIL = {
    "name": "detail",
    "in": "query",
    "description": "`holds`: the findings that hold, and the codes of those that are open. `full`: every finding.",
    "schema": {"type": "string", "enum": list(get_args(Detail)), "default": "holds"},
}
_PANEL = {"$ref": "#/components/schemas/Panel"}

INTERPRET: dict[str, Any] = {
    "responses": {
        200: {"description": "The interpretation", "model": Interpretation},
        **_refusals(400, 401, 408, 413, 415, 422, 503),
    },
    "openapi_extra": _body(_PANEL),
}
V1_INTERPRET: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The interpretation without the findings that do not hold, or with every finding",
            "model": CompactAnswer | Interpretation,
        },
        **_refusals(400, 401, 408, 413, 415, 422, 503),
    },
    "openapi_extra": {"parameters": [_DETAIL], **_body(_PANEL)},
}
READY: dict[str, Any] = {"responses": {**_answer("Ready", {"type": "object"}), **_refusals(503)}}
DISCOVERY: dict[str, Any] = {
    "responses": {**_answer("The services", {"type": "object", "required": ["services"]}), **_refusals(401, 503)},
}
SERVICE: dict[str, Any] = {
    "responses": {
        **_answer(
            "Cards",
            {
                "type": "object",
                "required": ["cards"],
                "properties": {"cards": {"type": "array", "maxItems": 5, "items": _CARD}},
            },
        ),
        **_refusals(400, 401, 404, 408, 412, 413, 415, 422, 503),
    },
    "openapi_extra": {"parameters": [_SERVICE_ID], **_body(_HOOK)},
}
FEEDBACK: dict[str, Any] = {
    "responses": {**_answer("Taken", {"type": "object"}), **_refusals(400, 401, 404, 408, 413, 415, 503)},
    "openapi_extra": {"parameters": [_SERVICE_ID], **_body(_FEEDBACK)},
}


def components() -> dict[str, Any]:
    """Return the panel's JSON Schema as components of an OpenAPI document: `Panel`, and its parts as `Panel.number`."""
    schema = panel_schema()
    parts = {f"Panel.{name}": part for name, part in schema.pop("$defs").items()}
    del schema["$schema"], schema["$id"]
    return {name: _pointed(part) for name, part in {"Panel": schema, **parts}.items()}


def _pointed(node: Any) -> Any:
    """Return a schema whose references point to components."""
    if isinstance(node, list):
        return [_pointed(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        name: value.replace("#/$defs/", "#/components/schemas/Panel.") if name == "$ref" else _pointed(value)
        for name, value in node.items()
    }
