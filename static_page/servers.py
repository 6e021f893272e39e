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
        raise ValueError("an https address was expected, such as https://ehr.example.org/fhir")
    return text.rstrip("/")


def _origin(text: str) -> str:
    parts = urlsplit(_address(text))
    if text != f"{parts.scheme}://{parts.netloc}" or not set("*'; ").isdisjoint(text):
        raise ValueError("an origin was expected, such as https://auth.example.org, without a path and without *")
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
    """A server: its FHIR address, as whom the page is registered there, and what it asks to read."""

    name: str = Field(min_length=1)
    iss: Address
    client_id: str = Field(min_length=1)
    #: What is asked for beside the patient and the laboratory results; what the server refuses is taken as unknown.
    context: tuple[Kind, ...] = ("Condition", "MedicationRequest", "Procedure", "AllergyIntolerance")
    #: Scopes as SMART App Launch 2 writes them (`patient/Observation.rs`), or version 1 (`patient/Observation.read`).
    scopes: Literal["v1", "v2"] = "v2"
    #: Other origins that the page must reach: that of the token, where it is not the server's own.
    connect: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()

    def told(self) -> dict[str, object]:
        """Return what the page is told of the server."""
        resources = list(dict.fromkeys(["Patient", "Observation", *self.context]))
        return {**self.model_dump(include={"name", "iss", "client_id", "scopes"}), "resources": resources}

    def origins(self) -> set[str]:
        """Return every origin that the page may reach for this server."""
        parts = urlsplit(self.iss)
        return {f"{parts.scheme}://{parts.netloc}", *self.connect}


def read_servers(path: Path) -> list[Server]:
    """Read the file: a table `[[servers]]` each. Raises `ValueError` that names what is wrong."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(given) != {"servers"} or not given["servers"]:
        raise ValueError(f"{path}: tables [[servers]] were expected, and got {', '.join(given) or 'nothing'}")
    return [Server.model_validate(each) for each in given["servers"]]
