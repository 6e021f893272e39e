"""Who may call: a signed token of a client that the settings list, for this address, not expired, and used once.

Keys come from files of the settings only. A `jku` or any other address in a token is never fetched.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from pathlib import Path
from time import time
from typing import Any

import jwt

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.guard import log
from b12labs.integrations.server.settings import Client, Settings, SettingsError

__all__ = ["Authenticator", "Replays"]

#: What CDS Hooks recommends; `none` and algorithms of shared secrets are prohibited.
ALGORITHMS = ("ES384", "RS384")
LEEWAY = 60
LONGEST_TOKEN = 8192
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is not valid yet"),
    (jwt.InvalidAudienceError, "it is for another audience"),
    (jwt.InvalidSignatureError, "its signature does not fit"),
    (jwt.MissingRequiredClaimError, "a claim is missing: aud, exp, iat, iss and jti are needed"),
    (jwt.InvalidAlgorithmError, f"{' or '.join(ALGORITHMS)} was expected"),
)


class Replays:
    """The tokens of one client that were used, until they expire; never more than `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used: set[bytes] = set()
        self._ends: list[tuple[float, bytes]] = []

    def use(self, token: str, until: float, now: float) -> None:
        """Use a token; raises `Refusal` (401) where it was used, and (503) where no more can be remembered."""
        while self._ends and self._ends[0][0] < now:
            self._used.discard(heapq.heappop(self._ends)[1])
        key = hashlib.sha256(json.dumps(token).encode()).digest()[:16]
        if key in self._used:
            raise _denied("it was used before")
        if len(self._used) >= self._most:
            raise Refusal(503, "too many tokens are in use; try again later")
        self._used.add(key)
        heapq.heappush(self._ends, (until, key))


class Authenticator:
    """Checks the token of a call against the settings' clients.

    Raises `SettingsError` where a file of keys cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        # A table each: a client whose tokens last for years fills its own, and locks nobody else out.
        self._clients = {client.issuer: (_Keys(client), Replays(settings.limits.tokens)) for client in settings.clients}
        self._url = settings.url

    def check(self, authorization: str | None, path: str) -> None:
        """Raise `Refusal` (401) where a call of a path is not allowed."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(
                401,
                "a token was expected: Authorization: Bearer ...",
                where="Authorization",
                headers={"www-authenticate": "Bearer"},
            )
        token = token.strip()
        if len(token) > LONGEST_TOKEN:
            raise _denied("it is too long")
        try:
            header = jwt.get_unverified_header(token)
            claimed = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise _denied("it is no JSON Web Token") from None
        if header.get("alg") not in ALGORITHMS:
            raise _denied(f"{' or '.join(ALGORITHMS)} was expected")
        if str(header.get("typ", "")).upper() != "JWT":
            raise _denied("its typ is not JWT")
        issuer = claimed.get("iss")
        found = self._clients.get(issuer) if isinstance(issuer, str) else None
        if found is None:
            raise _denied("its issuer is not among the clients")
        keys, replays = found
        key = keys.find(header.get("kid"), header["alg"])
        if key is None:
            raise _denied("its kid is no key of its issuer")
        audience = list(keys.client.audience) or [f"{self._url}{path}"]
        claims = self._verified(token, key, audience)
        replays.use(str(claims["jti"]), int(claims["exp"]) + LEEWAY, time())

    def _verified(self, token: str, key: jwt.PyJWK, audience: list[str]) -> dict[str, Any]:
        """Return a token's claims, all of them checked."""
        needed = ["aud", "exp", "iat", "iss", "jti"]
        options = {"require": needed, "verify_exp": True, "verify_nbf": True, "verify_iat": True}
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=audience,
                leeway=LEEWAY,
                options=options,  # type: ignore[arg-type]  # PyJWT takes a plain dict, and types it as its own
            )
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise _denied(
                next((reason for kind, reason in _REASONS if isinstance(error, kind)), "a claim is malformed")
            ) from None
        if not isinstance(claims["jti"], str) or not claims["jti"]:
            raise _denied("its jti is no text")
        return claims


class _Keys:
    """A client's public keys; the file is read again when it changes, and kept as it was where it is being written."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._told = ""
        self._read(self._changed())

    def find(self, kid: Any, algorithm: str) -> jwt.PyJWK | None:
        try:
            changed = self._changed()
            if changed != self._seen:
                self._read(changed)
        except (OSError, SettingsError) as error:
            # A key that was taken out of the file counts until the file can be used: whoever runs the service must
            # know.
            if str(error) != self._told:
                self._told = str(error)
                log.warning("the keys read before still count: %s", error)
        key = self._keys.get(kid) if isinstance(kid, str) else None
        return key if key is not None and key.algorithm_name == algorithm else None

    def _changed(self) -> int:
        return self.client.jwks.stat().st_mtime_ns

    def _read(self, changed: int) -> None:
        self._keys = _read_keys(self.client.jwks)
        self._seen = changed
        self._told = ""


def _read_keys(path: Path) -> dict[str, jwt.PyJWK]:
    """Return the keys of a JWK Set by `kid`; raises `SettingsError`."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        given = held["keys"]
        keys = {str(key["kid"]): jwt.PyJWK(key, key.get("alg") or _algorithm(key)) for key in given}
    except (ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        why = f'a JWK Set was expected, {{"keys": [...]}}, each key with a kid ({type(error).__name__})'
        raise SettingsError(f"{path}: {why}", code="unreadable_jwks", field="clients.jwks") from None
    if not keys or any(key.algorithm_name not in ALGORITHMS for key in keys.values()):
        raise SettingsError(
            f"{path}: keys for {' or '.join(ALGORITHMS)} were expected", code="unreadable_jwks", field="clients.jwks"
        )
    return keys


def _algorithm(key: dict[str, Any]) -> str:
    """Return the algorithm of a key that does not name one."""
    return {"EC": "ES384", "RSA": "RS384"}.get(str(key.get("kty")), "")


def _denied(why: str) -> Refusal:
    return Refusal(
        401,
        f"the token is refused: {why}",
        where="Authorization",
        headers={"www-authenticate": 'Bearer error="invalid_token"'},
    )
