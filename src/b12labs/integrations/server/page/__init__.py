"""The page: a form that interprets as one types, and the vocabulary behind it.

The page is files, served as they lie here; it holds no patient data, and the browser keeps none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib import resources

from fastapi import APIRouter, Response

from b12labs.integrations.server.page.vocabulary import Vocabulary, vocabulary
from b12labs.integrations.server.responses import answer
from b12labs.integrations.server.settings import Settings

__all__ = ["docs_router", "page_router", "vocabulary_router"]

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
#: Only what is served from here is loaded, nothing is sent elsewhere, and a string can never become script.
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
    """Return the route `GET /vocabulary`: what `POST /interpret` accepts by name."""
    router = APIRouter()
    content = vocabulary(settings).model_dump_json().encode()

    @router.get("/vocabulary", tags=["interpret"], response_model=Vocabulary)
    async def get_vocabulary() -> Response:
        """Tell what `POST /interpret` accepts by name: analytes with their units, context terms, guidelines."""
        return answer(content)

    return router


def docs_router() -> APIRouter:
    """Return the routes of `GET /docs`, which shows the OpenAPI document, and the files that it loads."""
    router = APIRouter(include_in_schema=False)
    folder = resources.files(__package__ or "")
    for name in ("docs.js", "element.js", "page.css", "icon.svg"):
        router.add_api_route(
            f"/page/{name}", _sender((folder / name).read_bytes(), _TYPES["." + name.rpartition(".")[2]])
        )
    router.add_api_route("/docs", _sender((folder / "docs.html").read_bytes(), "text/html; charset=utf-8"))
    return router


def page_router() -> APIRouter:
    """Return the routes of the page: `GET /` and the files that it loads."""
    router = APIRouter(include_in_schema=False)
    folder = resources.files(__package__ or "")
    for entry in folder.iterdir():
        kind = _TYPES.get("." + entry.name.rpartition(".")[2])
        if kind is not None:
            router.add_api_route(f"/page/{entry.name}", _sender(entry.read_bytes(), kind))
    router.add_api_route("/", _sender((folder / "page.html").read_bytes(), "text/html; charset=utf-8"))
    return router


def _sender(content: bytes, kind: str) -> Callable[[], Awaitable[Response]]:
    async def send() -> Response:
        return Response(content, media_type=kind, headers=HEADERS)

    return send
