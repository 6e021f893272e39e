"""`b12labs serve`: the service over HTTP on this machine."""

from __future__ import annotations

import argparse
import ipaddress
from pathlib import Path
from typing import Any

from b12labs.errors import B12LabsError

__all__ = ["add_command"]


def add_command(commands: Any) -> None:
    """Register `serve` among the subcommands of the command line."""
    serve = commands.add_parser("serve", help="serve POST /interpret and CDS Hooks over HTTP")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: this machine only")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    serve.add_argument("--config", type=Path, metavar="FILE.toml", help="the settings: clients, limits, guideline; see docs/ehr.md")
    serve.add_argument("--demo", action="store_true", help="no authentication, and a page to try it; on this machine only")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    try:
        import uvicorn

        from b12labs.integrations.server import Settings, SettingsError, create_app, read_settings
    except ModuleNotFoundError as error:
        raise B12LabsError(f"serve needs {error.name}: pip install 'b12labs[server]'", code="missing_extra") from None
    settings = read_settings(options.config) if options.config else Settings()
    if options.demo:
        settings = settings.model_copy(update={"demo": True})
    if settings.demo and not _is_loopback(options.host):
        raise SettingsError("--demo: has no authentication, and serves this machine only: --host 127.0.0.1", code="demo_host", field="--host")
    app = create_app(settings)
    if settings.demo:
        print(f"Demo on http://{options.host}:{options.port} without authentication. Not for patients' data.")
    uvicorn.run(app, host=options.host, port=options.port, access_log=False, log_level="warning")
    return 0


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
