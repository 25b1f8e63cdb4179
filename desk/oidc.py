"""Signing in at the provider's own OpenID Connect server: code flow with PKCE, state and nonce.

The protocol is Authlib's and joserfc's; here is which of it is used and what is believed.
"""

import secrets
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from desk.staff import Role

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures of ID tokens that are believed: those with a public key."""

SECOND_FACTORS: Final = frozenset({"mfa", "otp", "hwk", "sc"})
"""Values of ``amr`` (RFC 8176) that stand for more than a password."""

_SECONDS = 10.0  # the server is waited for
_KEPT = 3600.0  # seconds for which its description and keys are believed
_LEEWAY = 60  # seconds two clocks may differ


class OidcRefused(Exception):
    """The sign-in failed; the message says for the log what did not fit, without any token."""


@dataclass(frozen=True, slots=True)
class OidcConfig:
    """What the operator chose.

    With a ``role_claim``, its values decide by ``roles`` who may sign in and as what, and accounts
    come by themselves; without one, only people who have an account may.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = "SSO"
    name_claim: str = "preferred_username"
    role_claim: str | None = None
    roles: Mapping[str, Role] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Departure:
    """What must be remembered while the person is at the server."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who came back. ``role`` is None where no claim decides it."""

    subject: str
    name: str
    role: Role | None
    has_second_factor: bool


def new_departure() -> Departure:
    """Three fresh secrets."""
    return Departure(*(secrets.token_urlsafe(32) for _ in range(3)))


class OidcServer:
    """The server, as its own description says it is to be talked to."""

    def __init__(self, config: OidcConfig) -> None:
        self.config = config
        self._known: tuple[float, dict[str, Any], KeySet] | None = None

    async def address(self, departure: Departure, redirect_uri: str) -> str:
        """Where to send the browser. Raises ``OidcRefused``."""
        about, _ = await self._about()
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=departure.state,
                nonce=departure.nonce,
                code_verifier=departure.verifier,
            )
        return str(url)

    async def arrive(
        self, departure: Departure, redirect_uri: str, code: str, state: str
    ) -> Arrival:
        """Who brought ``code`` back. Raises ``OidcRefused``."""
        if not secrets.compare_digest(state.encode(), departure.state.encode()):
            raise OidcRefused("the state is not the one sent")
        about, keys = await self._about()
        from authlib.common.errors import AuthlibBaseError

        try:
            async with self._client(redirect_uri) as client:
                token = await client.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=departure.verifier
                )
        except (AuthlibBaseError, httpx.HTTPError, ValueError) as error:
            raise OidcRefused(f"no token: {type(error).__name__}") from None
        return self._read(str(token.get("id_token", "")), keys, about["issuer"], departure.nonce)

    def _read(self, id_token: str, keys: KeySet, issuer: str, nonce: str) -> Arrival:
        """Who an ID token speaks of, if it is genuine, for us and for this sign-in."""
        rules = jwt.JWTClaimsRegistry(
            leeway=_LEEWAY,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": self.config.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise OidcRefused(f"the ID token is not valid: {type(error).__name__}") from None
        if isinstance(claims["aud"], list) and claims.get("azp") != self.config.client_id:
            raise OidcRefused("the ID token was made for another client")
        return self._arrival(claims)

    def _arrival(self, claims: Mapping[str, Any]) -> Arrival:
        config = self.config
        name = claims.get(config.name_claim)
        if not isinstance(name, str) or not name.strip():
            raise OidcRefused(f"the ID token has no {config.name_claim}")
        if config.name_claim == "email" and claims.get("email_verified") is not True:
            raise OidcRefused("the e-mail address is not verified")
        methods = claims.get("amr")
        return Arrival(
            f"{config.issuer} {claims['sub']}",
            name.strip(),
            self._role(claims),
            isinstance(methods, list) and not SECOND_FACTORS.isdisjoint(map(str, methods)),
        )

    def _role(self, claims: Mapping[str, Any]) -> Role | None:
        """The highest role one of the claim's values stands for."""
        if self.config.role_claim is None:
            return None
        found = claims.get(self.config.role_claim)
        values = map(str, found if isinstance(found, list) else [found])
        roles = [self.config.roles[one] for one in values if one in self.config.roles]
        if not roles:
            raise OidcRefused(f"no value of {self.config.role_claim} stands for a role")
        return max(roles, key=lambda role: role.rank)

    def _client(self, redirect_uri: str) -> Any:
        with warnings.catch_warnings():
            # Authlib announces that it will move on from the HTTP library all of us use; it
            # insists on being heard while its own module of warnings loads.
            import authlib.deprecate  # noqa: F401

            warnings.simplefilter("ignore")
            from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self.config.client_id,
            self.config.client_secret,
            scope="openid profile email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=_SECONDS,
        )

    async def _about(self) -> tuple[dict[str, Any], KeySet]:
        """The server's description of itself and its keys."""
        if self._known is not None and time.monotonic() - self._known[0] < _KEPT:
            return self._known[1:]
        issuer = self.config.issuer
        try:
            async with httpx.AsyncClient(timeout=_SECONDS) as client:
                url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                about = (await client.get(url)).raise_for_status().json()
                if about["issuer"].rstrip("/") != issuer.rstrip("/"):
                    raise OidcRefused("the server calls itself otherwise than BEIAN_OIDC_ISSUER")
                answer = (await client.get(about["jwks_uri"])).raise_for_status()
                keys = KeySet.import_key_set(answer.json())
        except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
            what = type(error).__name__
            raise OidcRefused(f"the server does not describe itself: {what}") from None
        self._known = (time.monotonic(), about, keys)
        return about, keys

    def forget(self) -> None:
        """Ask the server for its keys anew: it may have changed them."""
        self._known = None
