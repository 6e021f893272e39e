"""The page of the service, its documentation, and the vocabulary behind both.

The pages are files, served unchanged from `integrations/page/`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from b12labs.integrations.page import TYPES, files
from b12labs.integrations.page.vocabulary import Vocabulary, vocabulary
from b12labs.integrations.server.responses import answer
from b12labs.integrations.server.settings import Settings

__all__ = ["docs_router", "page_router", "vocabulary_router"]

#: The pages load files from here only and send nothing elsewhere; a string can never become script.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri "
        "'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def vocabulary_router(settings: Settings) -> APIRouter:
    """Return the route `GET /vocabulary`: the names that `POST /interpret` accepts."""
    router = APIRouter()
    content = vocabulary(settings).model_dump_json().encode()

    @router.get("/vocabulary", tags=["interpret"], response_model=Vocabulary)
    async def get_vocabulary() -> Response:
        """List the names that `POST /interpret` accepts: analytes with their units, context terms, guidelines."""
        return answer(content)

    return router


def docs_router() -> APIRouter:
    """Return the routes of `GET /docs`, which shows the OpenAPI document, and of the files that it loads."""
    router = APIRouter(include_in_schema=False)
    for name in ("docs.js", "element.js", "page.css", "icon.svg"):
        router.add_api_route(f"/page/{name}", _sender(name))
    router.add_api_route("/docs", _sender("docs.html"))
    return router


def page_router() -> APIRouter:
    """Return the routes of the page (`GET /`) and of the files that it loads."""
    router = APIRouter(include_in_schema=False)
    for name in files():
        if not name.endswith(".html"):
            router.add_api_route(f"/page/{name}", _sender(name))
    router.add_api_route("/", _sender("page.html"))
    return router


def _sender(name: str) -> Callable[[], Awaitable[Response]]:
    content, kind = files()[name], TYPES[name.rpartition(".")[2]]

    async def send() -> Response:
        return Response(content, media_type=kind, headers=HEADERS)

    return send
