"""A small OpenID Connect server on loopback: it lets everybody in whom a test names."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "beian-desk"
SECRET = "a-secret-for-tests"


@cache
def new_key(kid: str = "one") -> RSAKey:
    """A key to sign with, the same each time: making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid})


@dataclass(slots=True)
class Person:
    """Who sits before the browser, and what the server says of them."""

    claims: dict[str, Any]


@dataclass(slots=True)
class SignInServer:
    """Authorization codes with PKCE, and ID tokens signed by a key of its own.

    ``spoil`` changes the claims of the next tokens, as a broken or hostile server would.
    """

    person: Person
    issuer: str = ""
    key: RSAKey = field(default_factory=new_key)
    signing_key: RSAKey | None = None
    algorithm: str = "RS256"
    spoil: dict[str, Any] = field(default_factory=dict)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> FastAPI:
        """The server."""
        app = FastAPI()
        app.state.closers = []

        @app.get("/.well-known/openid-configuration")
        async def about() -> dict[str, Any]:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            }

        @app.get("/jwks")
        async def keys() -> dict[str, Any]:
            return {"keys": [self.key.as_dict(private=False)]}

        @app.get("/authorize")
        async def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            assert asked["response_type"] == "code"
            assert asked["code_challenge_method"] == "S256"
            assert "openid" in asked["scope"].split()
            code = secrets.token_urlsafe(16)
            self.grants[code] = asked
            return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

        @app.post("/token")
        async def token(
            request: Request,
            code: Annotated[str, Form()],
            code_verifier: Annotated[str, Form()],
            redirect_uri: Annotated[str, Form()],
        ) -> Response:
            grant = self.grants.pop(code, None)
            login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if (
                grant is None
                or request.headers.get("authorization") != f"Basic {login}"
                or challenge != grant["code_challenge"]
                or redirect_uri != grant["redirect_uri"]
            ):
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse(
                {
                    "access_token": "unused",
                    "token_type": "Bearer",
                    "id_token": self._id_token(grant["nonce"]),
                }
            )

        return app

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **self.person.claims,
            **self.spoil,
        }
        header = {"alg": self.algorithm, "kid": "one"}
        return jwt.encode(header, claims, self.signing_key or self.key)
