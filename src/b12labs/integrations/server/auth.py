"""Authentication: a signed token of a client that the settings list, for this address, not expired, and used once.

Keys come from files of the settings only. A `jku` or any other address in a token is never fetched.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import time
from typing import Any

import jwt

from b12labs.integrations.outcomes import Refusal
from b12labs.integrations.server.guard import log
from b12labs.integrations.server.settings import Client, Settings, SettingsError
from b12labs.integrations.server.used_tokens import UsedTokens, denied

__all__ = ["Authenticator"]

#: CDS Hooks recommends these; `none` and algorithms of shared secrets are prohibited.
ALGORITHMS = ("ES384", "RS384")
LEEWAY = 60
LONGEST_TOKEN = 8192
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is not valid yet"),
    (jwt.InvalidAudienceError, "it is for another audience"),
    (jwt.InvalidSignatureError, "its signature is not valid"),
    (jwt.MissingRequiredClaimError, "a claim is missing: aud, exp, iat, iss and jti are needed"),
    (jwt.InvalidAlgorithmError, f"expected {' or '.join(ALGORITHMS)}"),
)


class Authenticator:
    """Checks the token of a call against the settings' clients.

    Raises `SettingsError` if a file of keys cannot be used, and `OSError` if the file of used tokens cannot.
    """

    def __init__(self, settings: Settings) -> None:
        self._clients = {client.issuer: _Keys(client) for client in settings.clients}
        #: Each client has a share of its own: one that fills it locks no other client out.
        self.used = UsedTokens(settings.used_tokens, settings.limits.tokens)
        self._url, self._longest = settings.url, settings.limits.token_seconds

    def check(self, authorization: str | None, path: str) -> None:
        """Raise `Refusal` (401) if a call of a path is not allowed."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refusal(
                401,
                "expected a token: Authorization: Bearer ...",
                where="Authorization",
                headers={"www-authenticate": "Bearer"},
            )
        token = token.strip()
        if len(token) > LONGEST_TOKEN:
            raise denied("it is too long")
        try:
            header = jwt.get_unverified_header(token)
            claimed = jwt.decode(token, options={"verify_signature": False})
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise denied("it is not a JSON Web Token") from None
        if header.get("alg") not in ALGORITHMS:
            raise denied(f"expected {' or '.join(ALGORITHMS)}")
        if str(header.get("typ", "")).upper() != "JWT":
            raise denied("expected the typ JWT")
        issuer = claimed.get("iss")
        keys = self._clients.get(issuer) if isinstance(issuer, str) else None
        if keys is None:
            raise denied("its issuer is not among the clients")
        key = keys.find(header.get("kid"), header["alg"])
        if key is None:
            raise denied("its kid is not a key of its issuer")
        audience = list(keys.client.audience) or [f"{self._url}{path}"]
        claims = self._verified(token, key, audience)
        self.used.use(keys.client.issuer, claims["jti"], int(claims["exp"]) + LEEWAY, time())

    def _verified(self, token: str, key: jwt.PyJWK, audience: list[str]) -> dict[str, Any]:
        """Return a token's claims, all checked."""
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
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
            raise denied(
                next((reason for kind, reason in _REASONS if isinstance(error, kind)), "a claim is malformed")
            ) from None
        if not isinstance(claims["jti"], str) or not claims["jti"]:
            raise denied("its jti is not a text")
        if int(claims["exp"]) - int(claims["iat"]) > self._longest:
            raise denied(f"it is valid for longer than {self._longest} seconds")
        return claims


class _Keys:
    """A client's public keys; the file is read again when it changes. While it is unreadable, the old keys are kept."""

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
            # A key that was removed from the file stays valid until the file can be read: the operator must know.
            if str(error) != self._told:
                self._told = str(error)
                log.warning("the keys read before stay valid: %s", error)
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
        why = f'expected a JWK Set, {{"keys": [...]}}, each key with a kid ({type(error).__name__})'
        raise SettingsError(f"{path}: {why}", code="unreadable_jwks", field="clients.jwks") from None
    if not keys or any(key.algorithm_name not in ALGORITHMS for key in keys.values()):
        raise SettingsError(
            f"{path}: expected keys for {' or '.join(ALGORITHMS)}", code="unreadable_jwks", field="clients.jwks"
        )
    return keys


def _algorithm(key: dict[str, Any]) -> str:
    """Return the algorithm of a key that does not name one."""
    return {"EC": "ES384", "RSA": "RS384"}.get(str(key.get("kty")), "")
