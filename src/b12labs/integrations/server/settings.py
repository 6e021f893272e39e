"""The service's settings: a TOML file, checked before anything is served.

>>> Settings(demo=True).guideline
'nice-ng239'
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from b12labs.errors import B12LabsError, nearest
from b12labs.one_patient import DEFAULT_GUIDELINE
from b12labs.plan import Formulary

__all__ = ["Limits", "Settings", "SettingsError", "read_settings"]


class SettingsError(B12LabsError):
    """A settings file that cannot be used: which file, which key, and what was expected there."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """How much one request may ask of the service."""

    #: Bytes of a body, declared and counted.
    body_bytes: int = Field(default=2 * 1024 * 1024, gt=0)
    #: FHIR resources in a request.
    entries: int = Field(default=5000, gt=0)
    #: Names in a panel, and words of its context: each unknown one is compared with all that are known.
    members: int = Field(default=200, gt=0)
    #: Seconds in which a body must arrive.
    read_seconds: float = Field(default=10.0, gt=0)


class Settings(_Part):
    """What a service is told: whose rules, who may call, how much."""

    #: The guideline of every interpretation that names none: a key, or the path of a guideline file.
    guideline: str = DEFAULT_GUIDELINE
    formulary: Formulary | None = None
    unreported_context: Literal["absent", "unknown"] = "absent"
    #: No authentication, and a page to try it. Only for this machine.
    demo: bool = False
    limits: Limits = Limits()


def read_settings(path: Path) -> Settings:
    """Read a settings file; raises `SettingsError` that names the key, and `OSError` where the file cannot be read."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: no TOML: {error}", code="unreadable_settings", field=str(path)) from None
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise SettingsError(_said(path, fault), code="unreadable_settings", field=".".join(map(str, fault["loc"]))) from None


def _said(path: Path, fault: Any) -> str:
    """Return what is wrong with a file: the key, what was expected, and the nearest key there is."""
    *table, key = fault["loc"]
    where = ".".join(map(str, fault["loc"]))
    if fault["type"] != "extra_forbidden":
        return f"{path}: {where}: {fault['input']!r} was given; {fault['msg']}"
    known = _keys(table)
    near = nearest(str(key), known)
    hint = f"; did you mean {near!r}?" if near else ""
    return f"{path}: {where} is no setting{hint} Known here: {', '.join(known)}"


def _keys(table: list[Any]) -> tuple[str, ...]:
    model: Any = Settings
    for name in table:
        if isinstance(name, str):
            model = model.model_fields[name].annotation
    return tuple(model.model_fields)
