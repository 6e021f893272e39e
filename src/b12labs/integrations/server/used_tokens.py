"""The used tokens, until they expire: in a file, shared by all processes of a service and kept across a restart.

Without a file, each process remembers its own.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.guard import log

__all__ = ["UsedTokens", "denied"]

#: Triggers keep the number of each client's tokens, because counting them takes longer the more there are.
_TABLES = """
CREATE TABLE IF NOT EXISTS used (token BLOB PRIMARY KEY, client BLOB NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS used_until ON used (until);
CREATE TABLE IF NOT EXISTS held (client BLOB PRIMARY KEY, tokens INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS used_more AFTER INSERT ON used BEGIN
  INSERT INTO held VALUES (new.client, 1) ON CONFLICT (client) DO UPDATE SET tokens = tokens + 1;
END;
CREATE TRIGGER IF NOT EXISTS used_less AFTER DELETE ON used BEGIN
  UPDATE held SET tokens = tokens - 1 WHERE client = old.client;
END;
"""
#: Seconds to wait for another process that is writing.
_PATIENCE = 5


class UsedTokens:
    """Remembers at most `most` tokens per client; raises `OSError` if the file cannot be used."""

    def __init__(self, path: Path | None, most: int) -> None:
        self._most = most
        if path is not None:
            path.touch(mode=0o600)
        try:
            self._base = sqlite3.connect(
                path or ":memory:", timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            self._base.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing; a power failure may lose the last moments.
            self._base.execute("PRAGMA synchronous = NORMAL")
            self._base.executescript(_TABLES)
        except sqlite3.Error as error:
            raise OSError(f"{path}: the file of used tokens cannot be used: {error}") from None

    def use(self, client: str, token: str, until: float, now: float) -> None:
        """Use a client's token; raises `Refusal`: 401 if it was used, 503 if it cannot be remembered."""
        one, other = _digest(client), _digest(client, token)
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                self._use(one, other, until, now)
            finally:
                self._base.execute("COMMIT")
        except sqlite3.Error as error:
            log.error("a used token cannot be remembered: %s", type(error).__name__)
            raise Refusal(503, "used tokens cannot be remembered, so no token is accepted") from None

    def _use(self, client: bytes, token: bytes, until: float, now: float) -> None:
        self._base.execute("DELETE FROM used WHERE until < ?", (now,))
        if self._base.execute("SELECT 1 FROM used WHERE token = ?", (token,)).fetchone():
            raise denied("it was used before")
        held = self._base.execute("SELECT tokens FROM held WHERE client = ?", (client,)).fetchone()
        if held and held[0] >= self._most:
            raise Refusal(503, "too many tokens are in use; try again later")
        self._base.execute("INSERT INTO used VALUES (?, ?, ?)", (token, client, until))

    def held(self) -> int:
        """Return the number of remembered tokens."""
        return int(self._base.execute("SELECT coalesce(sum(tokens), 0) FROM held").fetchone()[0])

    def check(self) -> None:
        """Raise `OSError` if no token could be remembered now."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                self._base.execute("INSERT INTO held VALUES (x'', 0) ON CONFLICT (client) DO UPDATE SET tokens = 0")
            finally:
                self._base.execute("COMMIT")
        except sqlite3.Error as error:
            raise OSError(f"the file of used tokens cannot be written: {error}") from None


def denied(why: str) -> Refusal:
    """Return the refusal of a token."""
    return Refusal(
        401,
        f"the token is refused: {why}",
        where="Authorization",
        headers={"www-authenticate": 'Bearer error="invalid_token"'},
    )


def _digest(*parts: str) -> bytes:
    return hashlib.sha256(json.dumps(parts).encode()).digest()[:16]
