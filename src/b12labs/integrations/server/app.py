"""The service: its paths, and the checks that every request passes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from b12labs.errors import extra
from b12labs.integrations import cds_hooks, interpreting
from b12labs.integrations.decisions import Recorder, Recording
from b12labs.integrations.outcomes import Refusal, kind_of
from b12labs.integrations.server import documents
from b12labs.integrations.server.auth import Authenticator
from b12labs.integrations.server.frame import Frame
from b12labs.integrations.server.gate import Gate
from b12labs.integrations.server.guard import Guard, guarded, log
from b12labs.integrations.server.limits import read_body
from b12labs.integrations.server.pages import docs_router, page_router, vocabulary_router
from b12labs.integrations.server.readiness import Readiness
from b12labs.integrations.server.responses import answer, refused
from b12labs.integrations.server.settings import Settings
from b12labs.version import __version__

if TYPE_CHECKING:
    from b12labs.integrations.server.metrics import Metrics

__all__ = ["create_app"]

Sink = Callable[[dict[str, Any]], None]


class Direct(APIRoute):
    """A route whose function reads the request itself.

    FastAPI documents the route and adds nothing to a call. No exception leaves it.
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


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the service that its paths use."""

    settings: Settings
    allow: Callable[[Request], None]
    recorder: Recording | None
    readiness: Readiness
    metrics: Metrics | None
    feedback: Sink | None


def create_app(
    settings: Settings,
    *,
    decisions: Sink | None = None,
    feedback: Sink | None = None,
    checks: Mapping[str, Callable[[], object]] | None = None,
) -> FastAPI:
    """Return the service as an ASGI application.

    `decisions` is called with a record of every interpretation (`b12labs.integrations.decisions`), `feedback` with a
    record of every card that a client sends feedback on; neither gets anything that identifies a patient. Both are
    called while the request waits. `checks` test, by name, the resources that a call needs besides the rules. While
    one of them raises, `/ready` answers 503.

    Raises `SettingsError` if the settings cannot be used, and `OSError` if a file that they name cannot be used.
    """
    parts = _parts(settings, decisions, feedback, checks or {})
    metrics, open_to_all = parts.metrics, settings.demo or settings.docs

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[dict[str, Any]]:
        # Load and compile now, so that the first patient does not wait for it.
        interpreting.respond(interpreting.EXAMPLE, settings)
        cds_hooks.respond("b12-patient-view", cds_hooks.EXAMPLE, settings)
        yield {"refused": metrics.refused} if metrics else {}

    app = Service(
        title="b12labs",
        version=__version__,
        lifespan=lifespan,
        summary=documents.SUMMARY,
        description=documents.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if open_to_all else None,
        redirect_slashes=False,
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
    app.add_middleware(Guard, answered=metrics.answered if metrics else None)
    app.add_middleware(Frame)
    _add_refusals(app, metrics)
    _add_interpret(app, parts)
    _add_cds_hooks(app, parts)
    _add_probes(app, parts)
    if open_to_all:
        app.include_router(vocabulary_router(settings))
        app.include_router(docs_router())
    if settings.demo:
        app.include_router(page_router())
    return app


def _parts(
    settings: Settings, decisions: Sink | None, feedback: Sink | None, checks: Mapping[str, Callable[[], object]]
) -> _Parts:
    authenticator = None if settings.demo else Authenticator(settings)

    def allow(request: Request) -> None:
        if authenticator is not None:
            # `url` is the address of the service, also if a host's own application mounts it under a path.
            path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
            authenticator.check(request.headers.get("authorization"), path)

    records = settings.records
    recorder: Recording | None = None
    if decisions is not None:
        recorder = Recorder(decisions, settings.digest(), records.values, records.references)
    used = {} if authenticator is None else {"used tokens": authenticator.used.check}
    rules = {"rules": lambda: interpreting.respond(interpreting.EXAMPLE, settings)}
    readiness = Readiness({**rules, **used, **checks})
    metrics = None
    if settings.metrics:
        with extra("server", "metrics"):
            from b12labs.integrations.server.metrics import CountingRecorder, Metrics
        metrics = Metrics(readiness, None if authenticator is None else authenticator.used.held)
        recorder = CountingRecorder(metrics, recorder)
    return _Parts(settings, allow, recorder, readiness, metrics, feedback)


def _add_refusals(app: FastAPI, metrics: Metrics | None) -> None:
    """Answer every refused request with an OperationOutcome."""

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        if metrics is not None:
            metrics.refused(kind_of(refusal.status))
        return refused(refusal)

    @app.exception_handler(HTTPException)
    async def no_such_path(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return await refuse(request, Refusal(error.status_code, str(error.detail), headers=dict(error.headers or {})))


def _add_interpret(app: FastAPI, parts: _Parts) -> None:
    """Add the paths that take a panel."""
    settings, recorder = parts.settings, parts.recorder

    @app.post("/interpret", tags=["interpret"], **documents.INTERPRET)
    async def interpret(request: Request) -> Response:
        """Interpret one panel. An unreadable value is listed in `problems`; the other values are interpreted."""
        parts.allow(request)
        body = await read_body(request, settings.limits)
        return answer(interpreting.respond(body, settings, recorder, limits=settings.limits))

    @app.post("/v1/interpret", tags=["interpret"], **documents.V1_INTERPRET)
    async def interpret_compactly(request: Request) -> Response:
        """Interpret one panel like `POST /interpret`, and answer without the findings that do not hold.

        With `?detail=full` the answer has every finding.
        """
        parts.allow(request)
        detail = interpreting.detail_of(request.query_params.getlist("detail"))
        body = await read_body(request, settings.limits)
        return answer(interpreting.respond(body, settings, recorder, detail=detail, limits=settings.limits))


def _add_cds_hooks(app: FastAPI, parts: _Parts) -> None:
    """Add the paths of CDS Hooks."""
    settings = parts.settings
    discovered = json.dumps(cds_hooks.discovery(settings)).encode()

    async def read(request: Request) -> Any:
        return interpreting.read(await read_body(request, settings.limits), settings.limits)

    @app.get("/cds-services", tags=["CDS Hooks"], **documents.DISCOVERY)
    async def discovery(request: Request) -> Response:
        """List the services, and the data that each asks the client to send."""
        parts.allow(request)
        return answer(discovered)

    @app.post("/cds-services/{service}", tags=["CDS Hooks"], **documents.SERVICE)
    async def call(request: Request) -> Response:
        """Answer a hook with cards; the list is empty if there is nothing to report."""
        parts.allow(request)
        given = await read(request)
        today, service = datetime.now(UTC).date(), request.path_params["service"]
        cards = await run_in_threadpool(
            cds_hooks.respond, service, given, settings, today=today, recorder=parts.recorder
        )
        if parts.metrics is not None:
            parts.metrics.given(service, cards["cards"])
        return answer(json.dumps(cards, ensure_ascii=False).encode())

    @app.post("/cds-services/{service}/feedback", tags=["CDS Hooks"], **documents.FEEDBACK)
    async def told(request: Request) -> Response:
        """Take the responses of clinicians to cards; their comments are not kept."""
        parts.allow(request)
        service = request.path_params["service"]
        for item in cds_hooks.feedback(service, await read(request)):
            log.info("feedback: %s, %s, %s", service, item["outcome"], item.get("reason", "no reason"))
            if parts.feedback is not None:
                parts.feedback(item)
        return answer(b"{}")


def _add_probes(app: FastAPI, parts: _Parts) -> None:
    """Add the paths that monitor the service."""

    @app.get("/health", tags=["service"])
    async def health(_: Request) -> Response:
        """Report that the process answers."""
        return answer(b'{"status":"ok"}')

    @app.get("/ready", tags=["service"], **documents.READY)
    async def ready(_: Request) -> Response:
        """Report whether a call would be answered: the rules work, and the files that a call writes are writable."""
        failing = parts.readiness.failing()
        if failing:
            raise Refusal(503, f"not ready: {', '.join(failing)}")
        told = {"status": "ready", "version": __version__, "guideline": parts.settings.guideline}
        return answer(json.dumps(told).encode())

    if parts.metrics is not None:
        counts = parts.metrics

        @app.get("/metrics", tags=["service"], include_in_schema=False)
        async def metrics(_: Request) -> Response:
            return Response(counts.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
