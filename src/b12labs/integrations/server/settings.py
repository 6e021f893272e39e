"""The service's settings: a TOML file, checked before the service starts.

>>> Settings(demo=True).guideline
'nice-ng239'
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from b12labs.errors import B12LabsError, did_you_mean
from b12labs.integrations.checked import Checked
from b12labs.integrations.options import Options, PanelLimits
from b12labs.limits.stratified import limits_of
from b12labs.site_mapping.file import read_mapping

__all__ = ["Client", "Records", "RequestLimits", "Settings", "SettingsError", "read_settings"]


class SettingsError(B12LabsError):
    """Settings that cannot be used; the message names the file, the key, and the expected value."""


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in ("https", "http")
        or not parts.netloc
        or text != f"{parts.scheme}://{parts.netloc}"
        or "*" in text
    ):
        raise ValueError("expected an origin, such as https://ehr.example.org, without a path and without *")
    return text


def _base(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment or text.endswith("/"):
        raise ValueError(
            "expected the address that clients call, such as https://cds.example.org/b12, without a slash at its end"
        )
    return text


class RequestLimits(PanelLimits):
    """Limits of the size and time of one request, and of the number of requests at once."""

    #: Bytes of a request line and its headers, counted as they arrive.
    header_bytes: int = Field(default=32 * 1024, gt=0)
    #: Seconds in which a request must arrive, from its first byte, and in which an answer must be taken.
    read_seconds: float = Field(default=10.0, gt=0)
    #: Seconds in which a new connection must send something.
    silent_seconds: float = Field(default=5.0, gt=0)
    #: Connections and requests at once. A further connection closes the one that has waited longest for its client. A
    #: further request is answered 503.
    connections: int = Field(default=200, gt=0)
    #: Used tokens of one client that have not expired. If there are more, its calls are answered 503: a forgotten
    #: token could be used again.
    tokens: int = Field(default=100_000, gt=0)
    #: The most seconds between `iat` and `exp` of a token; the default is that of CDS Hooks.
    token_seconds: int = Field(default=300, gt=0)


class Client(Checked):
    """An EHR that may call.

    The issuer of its tokens, their audience, and the file of its public keys (a JWK Set).
    """

    issuer: str = Field(min_length=1)
    #: Accepted values of `aud`; if there are none, the address that is called.
    audience: tuple[str, ...] = ()
    #: Read again when it changes. A `jku` in a token is never fetched.
    jwks: Path


class Records(Checked):
    """The content of decision records, and the file that `b12labs serve` appends them to (one JSON object per line)."""

    file: Path | None = None
    #: Bytes of a file; a full one is renamed with the time, and none is deleted.
    file_bytes: int = Field(default=100_000_000, gt=0)
    values: bool = False
    references: bool = False


class Settings(Options):
    """The settings of a service: its rules (`Options`), its clients, and its limits."""

    #: No authentication, and a page to try the service. Only for this machine.
    demo: bool = False
    #: The address that clients call, without `/cds-services` or `/interpret`: the audience of tokens begins with it.
    url: Annotated[str, AfterValidator(_base)] | None = None
    clients: tuple[Client, ...] = ()
    #: Origins from which browsers may call; none by default.
    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    #: The file of used tokens (SQLite): several workers share it, and no token can be used again after a restart.
    used_tokens: Path | None = None
    #: Serve `/docs`, `/openapi.json` and `/vocabulary` without a token. The demo serves them always.
    docs: bool = False
    #: Serve `/metrics` without a token.
    metrics: bool = False
    limits: RequestLimits = RequestLimits()
    records: Records = Records()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        issuers = [client.issuer for client in self.clients]
        if len(issuers) != len(set(issuers)):
            raise ValueError("clients: expected one entry per issuer")
        if self.url is None and any(not client.audience for client in self.clients):
            raise ValueError(
                "url: expected the address of the service, or an audience for every client. Without either, the "
                "audience of a token cannot be checked"
            )
        return self

    def digest(self) -> str:
        """Return a hash of the settings that decide the interpretations, for decision records.

        A guideline or mapping file is hashed by its content.
        """
        files = {"guideline": Path(self.guideline), "mapping": self.mapping}
        held = {name: path.read_bytes() for name, path in files.items() if path is not None and path.is_file()}
        decisive = self.model_dump_json(include=set(Options.model_fields) - {"entries", "prefetch", *held})
        return hashlib.sha256(b"\0".join([decisive.encode(), *held.values()])).hexdigest()[:16]


def read_settings(path: Path) -> Settings:
    """Read a settings file; paths in it are relative to it.

    Raises `SettingsError` that names the key, `B12LabsError` if a guideline or mapping file cannot be used, and
    `OSError` if the file cannot be read.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}", code="unreadable_settings", field=str(path)) from None
    try:
        settings = Settings.model_validate(_beside(given, path.parent))
    except ValidationError as error:
        # An unknown name is most often a misspelling of the missing one.
        fault = min(error.errors(include_url=False), key=lambda fault: fault["type"] != "extra_forbidden")
        raise SettingsError(
            _said(path, fault), code="unreadable_settings", field=".".join(map(str, fault["loc"]))
        ) from None
    limits_of(settings.guideline)
    if settings.mapping is not None:
        read_mapping(settings.mapping)
    return settings


def _beside(given: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the settings with paths relative to their file."""
    placed = dict(given)
    for table, name in (
        (placed, "mapping"),
        (placed, "used_tokens"),
        *((client, "jwks") for client in _tables(given.get("clients"))),
        *_file(given),
    ):
        if isinstance(table.get(name), str):
            table[name] = folder / table[name]
    if str(given.get("guideline", "")).endswith(".toml"):
        placed["guideline"] = str(folder / given["guideline"])
    return placed


def _tables(value: Any) -> list[dict[str, Any]]:
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _file(given: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    return [(given["records"], "file")] if isinstance(given.get("records"), dict) else []


def _said(path: Path, fault: Any) -> str:
    """Return the fault of a settings file: the key, the value given, the expected value, and the nearest known key."""
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in fault["loc"])
    if fault["type"] == "extra_forbidden":
        *table, key = fault["loc"]
        known = _keys(table)
        hint = did_you_mean(key, known) or "."
        return f"{path}: {where} is not a setting{hint} Known there: {', '.join(known)}"
    refused = fault.get("ctx", {}).get("error")
    if isinstance(refused, B12LabsError):
        return f"{path}: {refused.message}"
    reason = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "missing" or not where:
        return f"{path}: {where}{': ' if where else ''}{reason}"
    return f"{path}: {where}: {reason}, got {fault['input']!r}"


def _keys(table: list[Any]) -> tuple[str, ...]:
    parts: dict[str, type[BaseModel]] = {"limits": RequestLimits, "records": Records, "clients": Client}
    return tuple(parts[table[0]].model_fields if table else Settings.model_fields)
