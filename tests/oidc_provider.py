"""A small OpenID Connect provider on a loopback port, which signs in whoever the test names."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey


@dataclass
class Provider:
    """`claims` change what the ID token says; `key` signs, `published` is what it says it signs
    with."""

    name: str = "reviewer"
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "a"}))
    published: RSAKey | None = None
    now_s: int | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def get(self, request: BaseHTTPRequestHandler) -> None:
        address = urlsplit(request.path)
        if address.path == "/.well-known/openid-configuration":
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            _answer(request, {"issuer": self.issuer} | {n: f"{self.issuer}/{n}" for n in names})
        elif address.path == "/jwks_uri":
            _answer(request, KeySet([self.published or self.key]).as_dict(private=False))
        elif address.path == "/authorization_endpoint":
            asked = {k: v[0] for k, v in parse_qs(address.query).items()}
            code = secrets.token_hex(8)
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            request.send_response(303)
            request.send_header("Location", f"{asked['redirect_uri']}?{back}")
            request.end_headers()

    def post(self, request: BaseHTTPRequestHandler) -> None:
        """A code is good once, and only for whoever began with it."""
        length = int(request.headers["Content-Length"])
        given = {k: v[0] for k, v in parse_qs(request.rfile.read(length).decode()).items()}
        asked = self.codes.pop(given["code"], None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            _answer(request, {"error": "invalid_grant"}, 400)
            return
        now = int(time.time()) if self.now_s is None else self.now_s
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "sub": "1", "iat": now,
            "exp": now + 300, "nonce": asked["nonce"], "preferred_username": self.name,
        } | self.claims  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "a"}, claims, self.key)
        _answer(request, {"access_token": "x", "token_type": "Bearer", "id_token": token})


def _answer(request: BaseHTTPRequestHandler, body: dict[str, Any], status: int = 200) -> None:
    content = json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
