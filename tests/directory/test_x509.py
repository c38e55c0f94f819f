"""Certificates, chains and keys that somebody altered: each is refused, none breaks anything."""

import base64
import random
import textwrap
from datetime import UTC, datetime

import pytest
from conformance.certificates import Issued, PublicKey

from remit.directory.ssh_public_keys import KeyFlaw, ReadKey, read_key
from remit.directory.x509 import Certificate, Flaw, Flawed, read_certificate, read_server_certificate
from remit.ids import Secret

ROOT = Issued("root")
OWN = Issued(issuer=ROOT)
NOW = datetime.now(UTC)
_ALTERED = 300


def altered(pem: str, source: random.Random) -> str:
    """Return *pem* with one to three bytes of its content changed, cut or doubled."""
    first, *lines, last = pem.strip().splitlines()
    content = bytearray(base64.b64decode("".join(lines)))
    for _ in range(source.randint(1, 3)):
        place = source.randrange(len(content))
        match source.randrange(3):
            case 0:
                content[place] ^= 1 << source.randrange(8)
            case 1:
                del content[place]
            case _:
                content.insert(place, source.randrange(256))
    return "\n".join([first, *textwrap.wrap(base64.b64encode(content).decode(), 64), last, ""])


@pytest.fixture
def source() -> random.Random:
    return random.Random(7364)


def test_what_fits_is_read() -> None:
    found = read_server_certificate(OWN.pem, ROOT.pem, Secret(OWN.key), NOW)

    assert isinstance(found, Certificate)
    assert found == read_certificate(OWN.pem)


def test_an_altered_certificate_is_another_one_or_none(source: random.Random) -> None:
    known = read_certificate(OWN.pem)

    for _ in range(_ALTERED):
        found = read_certificate(altered(OWN.pem, source))
        assert found is None or found != known


def test_an_altered_part_is_refused(source: random.Random) -> None:
    flaws: set[Flaw] = set()
    for _ in range(_ALTERED):
        for parts in (
            (altered(OWN.pem, source), ROOT.pem, OWN.key),
            (OWN.pem, altered(ROOT.pem, source), OWN.key),
            (OWN.pem, ROOT.pem, altered(OWN.key, source)),
        ):
            found = read_server_certificate(parts[0], parts[1], Secret(parts[2]), NOW)
            if isinstance(found, Flawed):
                flaws.add(found.flaw)

    assert {Flaw.BODY, Flaw.CHAIN, Flaw.LINK, Flaw.KEY} <= flaws


def test_an_altered_public_key_is_another_one_or_none(source: random.Random) -> None:
    key = PublicKey()

    for _ in range(_ALTERED):
        assert isinstance(read_key(altered(key.pem, source)), ReadKey | KeyFlaw)
        kind, body = key.ssh.split()
        content = bytearray(base64.b64decode(body))
        content[source.randrange(len(content))] ^= 1 << source.randrange(8)
        assert isinstance(read_key(f"{kind} {base64.b64encode(content).decode()}"), ReadKey | KeyFlaw)
