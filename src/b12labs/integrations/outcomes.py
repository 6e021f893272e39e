"""An error as a FHIR OperationOutcome: it names the place and the reason, and repeats no input."""

from __future__ import annotations

from typing import Any

__all__ = ["Refusal", "kind_of", "outcome"]

#: The IssueType of each HTTP status (http://hl7.org/fhir/R4/valueset-issue-type.html).
_ISSUES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    412: "required",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    429: "throttled",
    431: "too-long",
    503: "transient",
}


class Refusal(Exception):  # noqa: N818  # a refused request is an answer, not an error of the service
    """A refused request.

    `status` is the HTTP status, `why` the reason (which repeats no input), `where` the place (`prefetch.patient`).
    """

    def __init__(self, status: int, why: str, *, where: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(why)
        self.status, self.why, self.where, self.headers = status, why, where, headers or {}


def kind_of(status: int) -> str:
    """Return the kind of a refusal, by its status."""
    return _ISSUES.get(status, "exception")


def outcome(status: int, why: str, where: str = "") -> dict[str, Any]:
    """Return an OperationOutcome; `where` is a path of names and places (`mma.unit`), never a value."""
    issue: dict[str, Any] = {"severity": "error", "code": kind_of(status), "diagnostics": why}
    if where:
        issue["expression"] = [where]
    return {"resourceType": "OperationOutcome", "issue": [issue]}
