"""The service: its paths, and what every request goes through."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from b12labs import __version__
from b12labs.integrations.server import interpreting
from b12labs.integrations.server.limits import read_body
from b12labs.integrations.server.outcomes import Refusal, answer, refused
from b12labs.integrations.server.page import page_router, vocabulary_router
from b12labs.integrations.server.settings import Settings

__all__ = ["create_app"]

log = logging.getLogger("b12labs.server")


class Direct(APIRoute):
    """A route whose function reads the request itself: FastAPI documents it, and adds nothing to a call."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # as FastAPI awaits it
        return self.endpoint


def create_app(settings: Settings) -> FastAPI:
    """Return the service as an ASGI application.

    Raises `SettingsError` where the settings cannot be used.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        interpreting.respond(b'{"b12": "145 pg/mL"}', settings)
        yield

    app = FastAPI(
        title="b12labs", version=__version__, lifespan=lifespan, summary="Interprets vitamin B12, its metabolites, folate and blood counts."
    )
    app.router.route_class = Direct

    @app.exception_handler(Refusal)
    async def refuse(_: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return refused(refusal)

    @app.exception_handler(HTTPException)
    async def no_such_path(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refused(Refusal(error.status_code, str(error.detail), headers=dict(error.headers or {})))

    @app.post("/interpret", tags=["interpret"])
    async def interpret(request: Request) -> Response:
        """Interpret one panel. A value that cannot be read is reported under `problems`, and the rest is interpreted without it."""
        return answer(interpreting.respond(await read_body(request, settings.limits), settings))

    @app.get("/health", tags=["service"])
    async def health(_: Request) -> Response:
        """Tell that the process answers."""
        return answer(b'{"status":"ok"}')

    @app.get("/ready", tags=["service"])
    async def ready(_: Request) -> Response:
        """Tell that the rules are loaded and interpret."""
        interpreting.respond(b'{"b12": "145 pg/mL"}', settings)
        return answer(json.dumps({"status": "ready", "version": __version__, "guideline": settings.guideline}).encode())

    app.include_router(vocabulary_router(settings))
    if settings.demo:
        app.include_router(page_router())
    return app
