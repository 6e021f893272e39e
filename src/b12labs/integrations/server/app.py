"""The service: its paths, and what every request goes through."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from b12labs.integrations import cds_hooks
from b12labs.integrations.decisions import Recorder
from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server import documents, interpreting
from b12labs.integrations.server.auth import Authenticator
from b12labs.integrations.server.gate import Gate
from b12labs.integrations.server.guard import Guard, guarded, log
from b12labs.integrations.server.limits import read_body
from b12labs.integrations.server.page import page_router, vocabulary_router
from b12labs.integrations.server.responses import answer, refused
from b12labs.integrations.server.settings import Settings
from b12labs.version import __version__

__all__ = ["create_app"]

Sink = Callable[[dict[str, Any]], None]


class Direct(APIRoute):
    """A route whose function reads the request itself.

    FastAPI documents it, and adds nothing to a call. No exception leaves it.
    """

    def get_route_handler(self) -> Callable[[Request], Any]:
        return guarded(self.endpoint)


class Service(FastAPI):
    """The application, whose OpenAPI document has the schema of the panel."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        made = self.openapi_schema is not None
        document = super().openapi()
        if not made:
            document["components"]["schemas"].update(documents.components())
        return document


def create_app(settings: Settings, *, decisions: Sink | None = None, feedback: Sink | None = None) -> FastAPI:
    """Return the service as an ASGI application.

    `decisions` is called with a record of every interpretation (`b12labs.integrations.decisions`), `feedback` with what
    was done with every card that a client tells about; neither gets anything that identifies a patient. Both are called
    while the request waits.

    Raises `SettingsError` where the settings cannot be used.
    """
    authenticator = None if settings.demo else Authenticator(settings)
    recorder = (
        Recorder(decisions, settings.digest(), settings.records.values, settings.records.references)
        if decisions
        else None
    )
    discovered = json.dumps(cds_hooks.discovery(settings)).encode()

    def allow(request: Request) -> None:
        if authenticator is not None:
            # `url` is the address of the service, also where a host's own application mounts it under a path.
            path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
            authenticator.check(request.headers.get("authorization"), path)

    async def read(request: Request) -> Any:
        return interpreting.read(await read_body(request, settings.limits), settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # What is loaded and compiled at first use is not for the first patient to wait for.
        interpreting.respond(interpreting.EXAMPLE, settings)
        cds_hooks.respond("b12-patient-view", cds_hooks.EXAMPLE, settings)
        yield

    app = Service(
        title="b12labs",
        version=__version__,
        lifespan=lifespan,
        summary=documents.SUMMARY,
        description=documents.DESCRIPTION,
    )
    app.router.route_class = Direct
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type"],
        )
    app.add_middleware(Gate, most=settings.limits.connections)
    app.add_middleware(Guard)

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return refused(refusal)

    @app.exception_handler(HTTPException)
    async def no_such_path(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refused(Refusal(error.status_code, str(error.detail), headers=dict(error.headers or {})))

    _add_interpret(app, settings, allow, recorder)

    @app.get("/cds-services", tags=["CDS Hooks"], **documents.DISCOVERY)
    async def discovery(request: Request) -> Response:
        """List the services, and what each asks the client to send."""
        allow(request)
        return answer(discovered)

    @app.post("/cds-services/{service}", tags=["CDS Hooks"], **documents.SERVICE)
    async def call(request: Request) -> Response:
        """Answer a hook with cards, none where there is nothing to say."""
        allow(request)
        given = await read(request)
        today = datetime.now(UTC).date()
        cards = await run_in_threadpool(
            cds_hooks.respond, request.path_params["service"], given, settings, today=today, recorder=recorder
        )
        return answer(json.dumps(cards, ensure_ascii=False).encode())

    @app.post("/cds-services/{service}/feedback", tags=["CDS Hooks"], **documents.FEEDBACK)
    async def told(request: Request) -> Response:
        """Take what clinicians did with cards; their comments are not kept."""
        allow(request)
        service = request.path_params["service"]
        for item in cds_hooks.feedback(service, await read(request)):
            log.info("feedback: %s, %s, %s", service, item["outcome"], item.get("reason", "no reason"))
            if feedback is not None:
                feedback(item)
        return answer(b"{}")

    @app.get("/health", tags=["service"])
    async def health(_: Request) -> Response:
        """Tell that the process answers."""
        return answer(b'{"status":"ok"}')

    @app.get("/ready", tags=["service"])
    async def ready(_: Request) -> Response:
        """Tell that the rules are loaded and interpret."""
        interpreting.respond(interpreting.EXAMPLE, settings)
        return answer(json.dumps({"status": "ready", "version": __version__, "guideline": settings.guideline}).encode())

    app.include_router(vocabulary_router(settings))
    if settings.demo:
        app.include_router(page_router())
    return app


def _add_interpret(
    app: FastAPI, settings: Settings, allow: Callable[[Request], None], recorder: Recorder | None
) -> None:
    """Add the paths that take a panel."""

    @app.post("/interpret", tags=["interpret"], **documents.INTERPRET)
    async def interpret(request: Request) -> Response:
        """Interpret one panel. An unreadable value is listed in `problems`; the rest is interpreted without it."""
        allow(request)
        return answer(interpreting.respond(await read_body(request, settings.limits), settings, recorder))

    @app.post("/v1/interpret", tags=["interpret"], **documents.V1_INTERPRET)
    async def interpret_compactly(request: Request) -> Response:
        """Interpret one panel, as `POST /interpret`, and answer without the findings that do not hold.

        With `?detail=full` the answer has every finding.
        """
        allow(request)
        detail = interpreting.detail_of(request.query_params.getlist("detail"))
        body = await read_body(request, settings.limits)
        return answer(interpreting.respond(body, settings, recorder, detail=detail))
