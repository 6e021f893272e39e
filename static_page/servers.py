"""The FHIR servers that the page may read: a TOML file, checked when the page is built."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from b12labs.integrations.checked import Checked

__all__ = ["Server", "read_servers"]

_LOCAL = ("localhost", "127.0.0.1", "::1")


def _address(text: str) -> str:
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    if not parts.netloc or not (parts.scheme == "https" or local) or parts.query or parts.fragment or parts.username:
        raise ValueError("expected an https address, such as https://ehr.example.org/fhir")
    return text.rstrip("/")


def _origin(text: str) -> str:
    parts = urlsplit(_address(text))
    if text != f"{parts.scheme}://{parts.netloc}" or not set("*'; ").isdisjoint(text):
        raise ValueError("expected an origin, such as https://auth.example.org, without a path and without *")
    return text


Address = Annotated[str, AfterValidator(_address)]
Kind = Literal[
    "Patient",
    "Observation",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Procedure",
    "AllergyIntolerance",
    "FamilyMemberHistory",
]


class Server(Checked):
    """A server: its FHIR address, the page's client id there, and the resources that the page reads."""

    name: str = Field(min_length=1)
    iss: Address
    client_id: str = Field(min_length=1)
    #: The resources besides the patient and the laboratory results. A resource that the server refuses is unknown.
    context: tuple[Kind, ...] = ("Condition", "MedicationRequest", "Procedure", "AllergyIntolerance")
    #: Scopes as SMART App Launch 2 writes them (`patient/Observation.rs`), or version 1 (`patient/Observation.read`).
    scopes: Literal["v1", "v2"] = "v2"
    #: Other origins that the page must reach: that of the token, if it is not the server's own.
    connect: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()

    def told(self) -> dict[str, object]:
        """Return the server's settings for the page."""
        resources = list(dict.fromkeys(["Patient", "Observation", *self.context]))
        return {**self.model_dump(include={"name", "iss", "client_id", "scopes"}), "resources": resources}

    def origins(self) -> set[str]:
        """Return every origin that the page may reach for this server."""
        parts = urlsplit(self.iss)
        return {f"{parts.scheme}://{parts.netloc}", *self.connect}


def read_servers(path: Path) -> list[Server]:
    """Read the file, with a table `[[servers]]` for each server. Raises `ValueError` with the faulty entry."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(given) != {"servers"} or not given["servers"]:
        raise ValueError(f"{path}: expected tables [[servers]], got {', '.join(given) or 'none'}")
    return [Server.model_validate(each) for each in given["servers"]]
