"""The service as a process, or several: `b12labs serve`."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from math import ceil

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

from b12labs.integrations.server.app import create_app
from b12labs.integrations.server.decision_file import DecisionFile
from b12labs.integrations.server.log_format import LogFormat, set_up_log
from b12labs.integrations.server.protocol import bounded_protocol
from b12labs.integrations.server.settings import Settings, SettingsError

__all__ = ["serve", "worker"]

_TOLD = "B12LABS_SERVE"
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"
#: Seconds that open requests have to finish when the service stops.
_LEAVE = 10


class _Told(BaseModel):
    """The settings that the starting process passes to a worker."""

    settings: Settings
    log_format: LogFormat


def serve(settings: Settings, *, host: str, port: int, workers: int, log_format: LogFormat) -> None:
    """Serve until the process is stopped; `workers` processes share the limits, the used tokens and the records.

    Raises `SettingsError` if that many cannot serve, and `OSError` if a file cannot be used.
    """
    set_up_log(log_format)
    if workers > 1 and settings.clients and settings.used_tokens is None:
        why = 'several workers share the used tokens; expected a setting such as used_tokens = "used-tokens.sqlite"'
        raise SettingsError(f"--workers {workers}: {why}", code="no_used_tokens", field="used_tokens")
    limits = settings.limits.model_copy(update={"connections": ceil(settings.limits.connections / workers)})
    told = _Told(settings=settings.model_copy(update={"limits": limits}), log_format=log_format)
    with ExitStack() as stack:
        if workers > 1:
            _application(told.settings)  # report a faulty file once, before any worker starts
            if settings.metrics:
                os.environ[_COUNTS] = stack.enter_context(tempfile.TemporaryDirectory(prefix="b12labs-"))
            os.environ[_TOLD] = told.model_dump_json()
        # The access log of uvicorn prints the addresses that were called; ours prints routes.
        uvicorn.run(
            "b12labs.integrations.server.running:worker" if workers > 1 else _application(told.settings),
            factory=workers > 1,
            workers=workers,
            host=host,
            port=port,
            access_log=False,
            log_level="warning",
            log_config=None,
            server_header=False,
            http=bounded_protocol(limits),
            ws="none",
            proxy_headers=False,
            timeout_graceful_shutdown=_LEAVE,
        )


def worker() -> FastAPI:
    """Return the application of one of several processes, with the settings that the first one passed."""
    told = _Told.model_validate_json(os.environ[_TOLD])
    set_up_log(told.log_format)
    return _application(told.settings)


def _application(settings: Settings) -> FastAPI:
    records = settings.records
    sink = DecisionFile(records.file, records.file_bytes) if records.file else None
    return create_app(settings, decisions=sink, checks={"records": sink.check} if sink else {})
