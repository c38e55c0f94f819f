"""Asking identity providers: nobody is led to another place, and nobody waits for ever."""

import socket
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from idp import Provider, certificate, identity_provider, say, thumbprint

from remit.authn import https
from remit.authn.https import BYTES_MAX, CertificateUntrusted, Https, Unreachable


@pytest.fixture
def provider(tmp_path) -> Iterator[Provider]:
    with identity_provider(tmp_path) as found:
        yield found


def fetch(provider: Provider, path: str = "/keys", prints: tuple[str, ...] | None = None) -> bytes:
    prints = (provider.thumbprint,) if prints is None else prints
    return Https(allows_local=True).fetch(f"{provider.issuer}{path}", prints)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",  # noqa: S104  # an address to be asked, not to listen on
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[ff02::1]",
    ],
)
def test_nobody_is_led_to_this_machine_or_its_networks(host):
    with pytest.raises(Unreachable, match=r"not a public address|is not known"):
        Https(allows_local=False).fetch(f"https://{host}/keys")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "file:///etc/passwd",
        "https://",
        "https://user@example.com/",
        "https://[::1",
        "https://example.com:99999/",
        "https://example.com:8443/",
        "gopher://example.com",
    ],
)
def test_only_https_and_its_port_are_asked(url):
    with pytest.raises(Unreachable):
        Https(allows_local=False).fetch(url)


def test_a_name_with_one_local_address_is_local(monkeypatch):
    entries = [(2, 1, 6, "", (address, 443)) for address in ("93.184.215.14", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)

    with pytest.raises(Unreachable, match="not a public address"):
        Https(allows_local=False).fetch("https://idp.example.com/")


def test_a_name_is_looked_up_once(provider, monkeypatch):
    looked_up = []
    real = socket.getaddrinfo

    def look_up(host, *more, **named):
        if host == "localhost":
            looked_up.append(host)
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    context = https._trusting(_der(provider.authority))
    monkeypatch.setattr(https, "_library", lambda: context)

    assert b"keys" in fetch(provider, prints=())
    assert looked_up == ["localhost"]


def _der(of) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return of.public_bytes(Encoding.DER)


def test_a_thumbprint_counts_where_the_library_trusts_nobody(provider):
    assert b"keys" in fetch(provider)
    assert b"keys" in fetch(provider, prints=(provider.thumbprint.upper(),))
    assert b"keys" in fetch(provider, prints=(thumbprint(provider.server),))


def test_nobody_is_trusted_without_a_thumbprint_of_theirs(provider):
    stranger = certificate(ec.generate_private_key(ec.SECP256R1()), "localhost")

    for prints in ((), (thumbprint(stranger),)):
        with pytest.raises(CertificateUntrusted):
            fetch(provider, prints=prints)


def test_a_certificate_that_vouches_for_nothing_does_not_help(tmp_path):
    """Whoever stands in between can show the true authority's certificate, and sign with a key of their own."""
    with identity_provider(tmp_path) as provider:
        forged_key = ec.generate_private_key(ec.SECP256R1())
        forged = certificate(forged_key, "localhost")
        with identity_provider(tmp_path, show=(forged_key, forged, provider.authority)) as forger:
            assert https._thumbprint(https._shown(Https(allows_local=True)._place(forger.issuer))[-1]) == (
                provider.thumbprint
            )
            with pytest.raises(CertificateUntrusted):
                fetch(forger, prints=(provider.thumbprint,))


def test_a_certificate_for_another_name_does_not_help(tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    other = certificate(key, "idp.example.com")
    with identity_provider(tmp_path, show=(key, other)) as provider, pytest.raises(CertificateUntrusted):
        fetch(provider, prints=(thumbprint(other),))


@pytest.mark.parametrize("status", [204, 301, 302, 303, 307, 308, 404, 500])
def test_nobody_is_redirected(provider, status):
    provider.answers["/away"] = say(b"", status, Location=f"{provider.issuer}/keys")

    with pytest.raises(Unreachable, match=f"answered {status}"):
        fetch(provider, "/away")
    assert provider.asked == ["/away"]


def test_an_answer_is_only_so_long(provider):
    provider.answers["/most"] = say(b"x" * BYTES_MAX)
    provider.answers["/more"] = say(b"x" * (BYTES_MAX + 1))

    assert len(fetch(provider, "/most")) == BYTES_MAX
    with pytest.raises(Unreachable, match="more than"):
        fetch(provider, "/more")


def test_an_answer_that_never_ends_is_not_waited_for(provider, monkeypatch):
    monkeypatch.setattr(https, "SECONDS_MAX", 0.5)

    def trickle(request) -> None:
        request.send_response(200)
        request.end_headers()
        while True:
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    provider.answers["/slow"] = trickle
    started = time.perf_counter()

    with pytest.raises(Unreachable):
        fetch(provider, "/slow")
    assert time.perf_counter() - started < 3


def test_a_head_that_never_ends_is_not_waited_for(provider, monkeypatch):
    monkeypatch.setattr(https, "SECONDS_MAX", 0.5)

    def trickle(request) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nx: ")
        while True:
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(0.05)

    provider.answers["/slow"] = trickle

    with pytest.raises(Unreachable):
        fetch(provider, "/slow")


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(https, "SECONDS_MAX", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Unreachable):
        Https(allows_local=True).fetch(f"https://localhost:{mute.getsockname()[1]}/")


def test_an_answer_that_is_cut_short_is_none(provider):
    def cut(request) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.write(b'{"keys": []}')

    provider.answers["/cut"] = cut

    with pytest.raises(Unreachable):
        fetch(provider, "/cut")
