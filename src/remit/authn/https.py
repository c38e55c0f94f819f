"""Asking identity providers over HTTPS, without being led anywhere else.

What is asked comes from whoever may make a provider, and what answers may be anybody: so nobody is followed to another
address, a name is looked up once and only the addresses that were looked at are connected to (a name that leads
elsewhere the next time helps nobody), and time and size are bounded as a whole, not only between two bytes.

Trust in a server comes from the CA library of the machine. Only where that trusts it not do thumbprints count: one of
the certificates that the server shows has this thumbprint, and everything up to it is right.
Source: IAM User Guide, "Obtain the thumbprint for an OpenID Connect identity provider"; `iam-sts` reference, 13.4.
"""

import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

SECONDS_MAX = 5.0
BYTES_MAX = 512 * 1024
_PORT = 443
_OK = 200
# Where an IPv4 address hides in an IPv6 one (RFC 6052): a gateway unpacks it.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """A server gives no answer that can be used; the message says why, for a person."""


class CertificateUntrusted(Exception):
    """The CA library does not trust a server, and no thumbprint is one of its certificates'."""


class _Place(msgspec.Struct, frozen=True):
    """Where a URL leads, looked up and looked at."""

    host: str
    port: int
    target: str
    addresses: tuple[str, ...]


class Https:
    """Asks servers; one for the whole process.

    Attributes:
        allows_local: whether loopback, private and link-local addresses may be asked.

    Args:
        own_url: where other servers find this one.
    """

    def __init__(self, *, allows_local: bool, own_url: str = "") -> None:
        self.allows_local = allows_local
        self._own_url = own_url

    def issuer_url(self, issuer: str) -> str:
        """Return the URL by which other servers know an issuer of this one."""
        return f"{self._own_url}/_remit/issuers/{issuer}"

    def fetch(self, url: str, thumbprints: Sequence[str] = ()) -> bytes:
        """Return the body of the answer to a GET of *url*.

        Args:
            thumbprints: SHA-1 of certificates, in hex, one of which is trusted where the CA library trusts none.

        Raises:
            Unreachable: there is no answer, or it is not 200, too long, or took too long.
            CertificateUntrusted: nobody vouches for the server.
        """
        place = self._place(url)
        try:
            return _get(place, _library())
        except ssl.SSLCertVerificationError as error:
            untrusted = CertificateUntrusted(f"{place.host}: {error.verify_message}")
        anchor = next((shown for shown in _shown(place) if _thumbprint(shown) in _folded(thumbprints)), None)
        if anchor is None:
            raise untrusted
        try:
            return _get(place, _trusting(anchor))
        except ssl.SSLCertVerificationError:
            raise untrusted from None

    def thumbprint(self, url: str) -> str:
        """Return the SHA-1, in hex, of the last certificate that the server of *url* shows.

        Raises:
            Unreachable: it shows none.
        """
        return _thumbprint(_shown(self._place(url))[-1])

    def _place(self, url: str) -> _Place:
        """Look *url* up.

        Raises:
            Unreachable: it is no https URL, or leads nowhere, or where nobody may be led.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or _PORT
        except ValueError:
            host, port, parts = None, 0, urlsplit("")
        if parts.scheme != "https" or not host or parts.username is not None:
            raise Unreachable(f"no https URL: {url}")
        if port != _PORT and not self.allows_local:
            raise Unreachable(f"{host} is asked at port {_PORT} only")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable(f"{host} is not known") from None
        addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self.allows_local and not all(_is_public(address) for address in addresses):
            raise Unreachable(f"{host} is not a public address")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return _Place(host, port, target, addresses)


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in _meant(address))


def _meant(address: _Address) -> Iterator[_Address]:
    """Yield an address, and the IPv4 addresses that it may lead to."""
    yield address
    if isinstance(address, ipaddress.IPv6Address):
        teredo = address.teredo or ()
        translated = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
        for inner in (address.ipv4_mapped, address.sixtofour, translated, *teredo):
            if inner is not None:
                yield inner


# -- one exchange


class _Connection(http.client.HTTPSConnection):
    """A connection to an address that was looked at, under the name that it was looked up by."""

    def __init__(self, place: _Place, context: ssl.SSLContext) -> None:
        super().__init__(place.host, place.port, timeout=SECONDS_MAX, context=context)
        self._place, self._tls = place, context
        self.is_late = False
        self.secured: ssl.SSLSocket | None = None

    def connect(self) -> None:
        """Connect to the first address that answers, and shake hands."""
        raw = _first(self._place)
        # The socket is known before anything is read from it, so that the time can run out at any moment.
        # It stays known when http.client gives its own `sock` away to an answer that ends with the connection.
        self.secured = self._tls.wrap_socket(raw, server_hostname=self._place.host, do_handshake_on_connect=False)
        self.sock = self.secured
        self.secured.do_handshake()

    def abort(self) -> None:
        """End it, from another thread: the time is up."""
        self.is_late = True
        if self.secured is not None:
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(self.secured, socket.SHUT_RDWR)  # the socket's own, which leaves TLS alone


def _first(place: _Place) -> socket.socket:
    failure = "it has no address"
    for address in place.addresses[:2]:
        try:
            return socket.create_connection((address, place.port), timeout=SECONDS_MAX / 2)
        except OSError as error:
            failure = error.strerror or type(error).__name__
    raise Unreachable(f"{place.host}: {failure}")


@contextmanager
def _connected(place: _Place, context: ssl.SSLContext) -> Generator[_Connection]:
    """Connect, for as long as anybody may take in all.

    Raises:
        Unreachable: it took longer, or went wrong.
    """
    connection = _Connection(place, context)
    timer = threading.Timer(SECONDS_MAX, connection.abort)
    timer.daemon = True
    timer.start()
    try:
        connection.connect()
        yield connection
    except ssl.SSLCertVerificationError:
        raise
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(f"{place.host}: {error or type(error).__name__}") from None
    finally:
        timer.cancel()
        connection.close()
    if connection.is_late:  # what was read may end anywhere
        raise Unreachable(f"{place.host} took more than {SECONDS_MAX:.0f} seconds")


def _get(place: _Place, context: ssl.SSLContext) -> bytes:
    with _connected(place, context) as connection:
        headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "remit"}
        connection.request("GET", place.target, headers=headers)
        response = connection.getresponse()
        if response.status != _OK:
            raise Unreachable(f"{place.host} answered {response.status}")
        body = response.read(BYTES_MAX + 1)
    if len(body) > BYTES_MAX:
        raise Unreachable(f"{place.host} answered more than {BYTES_MAX} bytes")
    if response.length:
        raise Unreachable(f"{place.host} ended before its answer did")
    return body


# -- certificates


@lru_cache(maxsize=1)
def _library() -> ssl.SSLContext:
    """Trust what the machine trusts."""
    return ssl.create_default_context()


def _trusting(anchor: bytes) -> ssl.SSLContext:
    """Trust one certificate, whoever signed it, and what it vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=anchor)
    return context


def _shown(place: _Place) -> list[bytes]:
    """Return the certificates that a server shows, its own first, without believing any of them.

    Raises:
        Unreachable: it shows none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with _connected(place, context) as connection:
        return _chain(connection.secured)


def _chain(sock: Any) -> list[bytes]:
    public = getattr(sock, "get_unverified_chain", None)
    if public is not None:  # from Python 3.13 on
        return list(public())
    shown = sock._sslobj.get_unverified_chain()  # noqa: SLF001  # not public before, but there since 3.10
    return [ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in shown]


def _thumbprint(certificate: bytes) -> str:
    return hashlib.sha1(certificate, usedforsecurity=False).hexdigest()


def _folded(thumbprints: Sequence[str]) -> frozenset[str]:
    return frozenset(thumbprint.lower() for thumbprint in thumbprints)
