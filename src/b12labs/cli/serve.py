"""`b12labs serve`: the service over HTTP on this machine."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from b12labs.errors import B12LabsError

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand to the command line's."""
    serve = commands.add_parser("serve", help="serve POST /interpret and CDS Hooks over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: this machine only")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    serve.add_argument(
        "--config", type=Path, metavar="FILE.toml", help="the settings: clients, limits, guideline; see docs/ehr.md"
    )
    serve.add_argument(
        "--demo", action="store_true", help="no authentication, and a page to try it; on this machine only"
    )
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    try:
        import uvicorn

        from b12labs.integrations.server import Settings, SettingsError, create_app, read_settings
        from b12labs.integrations.server.protocol import bounded_protocol
    except ModuleNotFoundError as error:
        raise B12LabsError(f"serve needs {error.name}: pip install 'b12labs[server]'", code="missing_extra") from None
    settings = read_settings(options.config) if options.config else Settings()
    if options.demo:
        settings = settings.model_copy(update={"demo": True})
    if settings.demo and not _is_loopback(options.host):
        why = (
            f"{options.host!r} was given, and the demo, which has no authentication, is served on this machine "
            f"only: 127.0.0.1, ::1 or localhost"
        )
        raise SettingsError(f"--host: {why}", code="demo_host", field="--host")
    if not settings.demo and not settings.clients:
        why = (
            "nobody could call: give --config FILE.toml with [[clients]], or --demo to try it on this machine "
            "without authentication"
        )
        raise SettingsError(why, code="no_clients", field="clients")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    with contextlib.ExitStack() as stack:
        sink = (
            _line_writer(stack.enter_context(settings.records.file.open("a", encoding="utf-8")))
            if settings.records.file
            else None
        )
        app = create_app(settings, decisions=sink)
        address = f"http://{'[' + options.host + ']' if ':' in options.host else options.host}:{options.port}"
        what = (
            "Demo, without authentication and for this machine only; not for patients' data"
            if settings.demo
            else "b12labs"
        )
        print(f"{what}: {address} (API: {address}/docs)", flush=True)
        # The access log of uvicorn prints addresses as they were called; ours prints routes.
        uvicorn.run(
            app,
            host=options.host,
            port=options.port,
            access_log=False,
            log_level="warning",
            log_config=None,
            server_header=False,
            http=bounded_protocol(settings.limits),
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=10,
        )
    return 0


def _line_writer(file: TextIO) -> Callable[[dict[str, Any]], None]:
    def write(record: dict[str, Any]) -> None:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
        file.flush()

    return write


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
