"""The format of log lines: text, or JSON for a log collector."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal

__all__ = ["LogFormat", "set_up_log"]

LogFormat = Literal["text", "json"]


class _JsonLines(logging.Formatter):
    """One JSON object per line. An exception is logged by its type alone: its text may hold data that was sent."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0] if record.exc_info else None
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **getattr(record, "told", {}),
            **({"exception": kind.__name__} if kind else {}),
        }
        return json.dumps(line, ensure_ascii=False)


def set_up_log(form: LogFormat) -> None:
    """Write the log of this process to standard error."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s")
    handler.setFormatter(_JsonLines() if form == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
