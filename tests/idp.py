"""Identity providers for tests: one that speaks OpenID Connect over HTTPS, on loopback."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

Answer = Callable[[BaseHTTPRequestHandler], None]


def certificate(key: Any, name: str, *, by: Any = None, of: Any = None, ca: bool = False) -> x509.Certificate:
    """Return a certificate for *key*: signed by the key *by* of the certificate *of*, or by itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if of is None else of.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(by or key, hashes.SHA256())


def thumbprint(of: x509.Certificate) -> str:
    return sha1(of.public_bytes(serialization.Encoding.DER)).hexdigest()  # noqa: S324  # AWS's


def pem(*things: Any) -> bytes:
    return b"".join(
        thing.public_bytes(serialization.Encoding.PEM)
        if isinstance(thing, x509.Certificate)
        else thing.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        for thing in things
    )


class Provider:
    """An OpenID Connect provider that says what tests want it to say.

    Attributes:
        answers: path -> what answers it, instead of the usual.
        asked: the paths that were asked for.
    """

    def __init__(self, port: int) -> None:
        self.url = f"localhost:{port}"
        self.issuer = f"https://{self.url}"
        self.rsa = RSAKey.generate_key(2048, {"kid": "rsa"}, private=True)
        self.ec = ECKey.generate_key("P-256", {"kid": "ec"}, private=True)
        self.keys: list[dict[str, Any]] = [{**key.as_dict(private=False), "use": "sig"} for key in (self.rsa, self.ec)]
        self.authority_key = ec.generate_private_key(ec.SECP256R1())
        self.authority = certificate(self.authority_key, "test authority", ca=True)
        self.server_key = ec.generate_private_key(ec.SECP256R1())
        self.server = certificate(self.server_key, "localhost", by=self.authority_key, of=self.authority)
        self.thumbprint = thumbprint(self.authority)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return a token's claims; those that are None are left out."""
        now = int(datetime.now(UTC).timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "repo:octo/app:ref:refs/heads/main",
            "aud": "sts.amazonaws.com",
            "iat": now,
            "exp": now + 300,
            **changed,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, header: dict[str, Any] | None = None, key: Any = None, **changed: Any) -> str:
        """Return a signed token; header and claims that are None are left out."""
        given = {"alg": "RS256", "kid": "rsa", "typ": "JWT", **(header or {})}
        protected = {name: value for name, value in given.items() if value is not None}
        payload = json.dumps(self.claims(**changed)).encode()
        algorithms = [protected["alg"]]
        return jws.serialize_compact(protected, payload, key or self.rsa, algorithms=algorithms)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        if request.path in self.answers:
            self.answers[request.path](request)
        elif request.path == "/.well-known/openid-configuration":
            say({"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"})(request)
        elif request.path == "/keys":
            say({"keys": self.keys})(request)
        else:
            request.send_error(404)


def say(body: Any, status: int = 200, **headers: str) -> Answer:
    """Return what answers with *body*, as JSON unless it is bytes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    return answer


@contextmanager
def identity_provider(folder: Path, show: tuple[Any, ...] = ()) -> Iterator[Provider]:
    """Serve a provider, until the block ends; *show* is the key and the certificates of its server, if not its own."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            provider.answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            pass  # a client that goes away is what some tests are about

        def finish_request(self, request: Any, client_address: Any) -> None:
            # The handshake belongs into the request's thread: a client that hangs up hangs nobody else.
            with tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)

    server = Server(("127.0.0.1", 0), Handler)
    provider = Provider(server.server_address[1])
    file = folder / f"{provider.url.partition(':')[2]}.pem"
    file.write_bytes(pem(*(show or (provider.server_key, provider.server, provider.authority))))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(file)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
