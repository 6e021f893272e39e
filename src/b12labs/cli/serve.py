"""`b12labs serve`: the service over HTTP on this machine."""

from __future__ import annotations

import argparse
import ipaddress
from pathlib import Path
from typing import Any

from b12labs.cli.parser import add_command
from b12labs.errors import extra

__all__ = ["register"]


def register(commands: Any) -> None:
    """Add the subcommand."""
    serve = add_command(
        commands,
        "serve",
        "serve interpretations and CDS Hooks over HTTP",
        "b12labs serve --demo",
        "b12labs serve --config service.toml --port 8080",
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: this machine only")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    serve.add_argument(
        "--config",
        type=Path,
        metavar="FILE.toml",
        help="the settings: clients, request limits, guideline; see docs/ehr.md",
    )
    serve.add_argument(
        "--demo", action="store_true", help="no authentication, and a page to try it on; this machine only"
    )
    serve.add_argument("--workers", type=int, default=1, metavar="N", help="processes that serve; default: 1")
    serve.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="the format of the log; default: text"
    )
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    with extra("server", "serve"):
        from b12labs.integrations.server import Settings, SettingsError, read_settings
        from b12labs.integrations.server.running import serve
    settings = read_settings(options.config) if options.config else Settings()
    if options.demo:
        settings = settings.model_copy(update={"demo": True})
    if settings.demo and not _is_loopback(options.host):
        why = (
            f"expected 127.0.0.1, ::1 or localhost, got {options.host!r}. The demo has no authentication, so it is "
            "served on this machine only"
        )
        raise SettingsError(f"--host: {why}", code="demo_host", field="--host")
    if not settings.demo and not settings.clients:
        why = (
            "no client is configured. Give --config FILE.toml with [[clients]], or --demo to try it on this machine "
            "without authentication"
        )
        raise SettingsError(why, code="no_clients", field="clients")
    if options.workers < 1:
        raise SettingsError(f"--workers: expected 1 or more, got {options.workers}", code="workers", field="--workers")
    address = f"http://{'[' + options.host + ']' if ':' in options.host else options.host}:{options.port}"
    what = "Demo, without authentication, on this machine only; not for patients' data" if settings.demo else "b12labs"
    print(f"{what}: {address}{f' (API: {address}/docs)' if settings.demo or settings.docs else ''}", flush=True)
    serve(settings, host=options.host, port=options.port, workers=options.workers, log_format=options.log_format)
    return 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
