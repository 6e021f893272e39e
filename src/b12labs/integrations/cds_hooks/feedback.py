"""How clinicians responded to cards, without the comments that they wrote."""

from __future__ import annotations

import re
from typing import Any

from b12labs.errors import did_you_mean
from b12labs.integrations.cds_hooks.cards import OVERRIDE_REASONS
from b12labs.integrations.cds_hooks.services import HOOKS
from b12labs.integrations.outcomes import Refusal

__all__ = ["feedback"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
#: Reasons that the cards offer; any other reason may be a site's own words.
_OFFERED = frozenset(reason["code"] for reason in OVERRIDE_REASONS)
MOST = 1000


def feedback(service: str, request: Any) -> list[dict[str, Any]]:
    """Return one record per card: `service`, `card`, `outcome`, the number of suggestions `accepted`, the `reason`.

    The reason is a code that a card offers, or `other`. Raises `Refusal`: 404 if there is no such service, 400 that
    names the malformed member, 413 if there are too many items.
    """
    if service not in HOOKS:
        hint = did_you_mean(service, HOOKS) or "."
        raise Refusal(404, f"there is no such service{hint} There are {', '.join(HOOKS)}")
    items = request.get("feedback") if isinstance(request, dict) else None
    if not isinstance(items, list):
        raise Refusal(400, "expected a list", where="feedback")
    if len(items) > MOST:
        raise Refusal(413, f"expected at most {MOST} items", where="feedback")
    return [_item(service, item, f"feedback[{place}]") for place, item in enumerate(items)]


def _item(service: str, item: Any, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise Refusal(400, "expected an object", where=where)
    card, outcome = item.get("card"), item.get("outcome")
    if not isinstance(card, str) or not _UUID.fullmatch(card):
        raise Refusal(400, "expected the uuid of a card", where=f"{where}.card")
    if outcome not in ("accepted", "overridden"):
        raise Refusal(400, "expected accepted or overridden", where=f"{where}.outcome")
    made: dict[str, Any] = {"service": service, "card": card.lower(), "outcome": outcome}
    accepted = item.get("acceptedSuggestions")
    if isinstance(accepted, list):
        made["accepted"] = len(accepted)
    if isinstance(item.get("overrideReason"), dict):
        made["reason"] = _reason(item["overrideReason"])
    return made


def _reason(given: dict[str, Any]) -> str:
    reason = given.get("reason")
    code = reason.get("code") if isinstance(reason, dict) else None
    return code if isinstance(code, str) and code in _OFFERED else "other"
