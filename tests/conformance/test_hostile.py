"""100,000 hostile requests: no 5xx, no hang, no growth of memory, and the server answers as before."""

import random
import re
import socket
import urllib.parse
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from conformance.raw import FORM, Raw
from serving import served

from remit.endpoint.compose import SERVICES

pytestmark = [pytest.mark.conformance, pytest.mark.slow]

REQUESTS = 100_000
SECONDS_MAX = 10.0
GROWTH_MB_MAX = 40
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_OPERATIONS = [(s, o) for s in ("iam", "sts", "cloudtrail") for o in sorted(SERVICES[s].handlers)]
_NAMES = ["UserName", "GroupName", "RoleName", "PolicyName", "PolicyArn", "PolicyDocument", "Path", "Tags.member.1.Key",
          "Tags.member.1.Value", "AssumeRolePolicyDocument", "MaxItems", "Marker", "RoleArn", "RoleSessionName",
          "AccessKeyId", "Status", "VersionId", "DurationSeconds", "TagKeys.member.1", "Tags", "..", ""]  # fmt: skip
_PIECES = ["alice", "", "a" * 200, "\0", "\u2603", "../", "%", "{", "[" * 50, '{"Version":"2012-10-17"}', "-1", "1e999",
           "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:" + ":" * 20, "true", "\ud7ff", "\U0001f600", "*" * 60,
           ]  # fmt: skip


def resident_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


class Attacker:
    """Makes requests, each from one seed, so that what breaks the server can be sent again."""

    def __init__(self, raw: Raw) -> None:
        self._raw = raw

    def request(self, seed: int) -> bytes:
        chance = random.Random(seed)
        match seed % 4:
            case 0:
                return chance.randbytes(chance.choice((1, 20, 300, 5_000)))
            case 1:
                return self._mutated(self._signed(chance), chance)
            case 2:
                return self._signed(chance)
            case _:
                return self._headers(chance)

    def _signed(self, chance: random.Random) -> bytes:
        service, operation = chance.choice(_OPERATIONS)
        if service == "cloudtrail" or chance.random() < 0.1:
            body = chance.choice(
                (b"{}", b'{"MaxResults":%d}' % chance.randrange(-5, 99), chance.randbytes(30), b"[" * 999)
            )
            target = (
                f"com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{chance.choice(('LookupEvents', 'X', ''))}"
            )
            headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target}
            return self._whole(self._raw.head("cloudtrail", body, headers), body)
        pairs = [(chance.choice(_NAMES), chance.choice(_PIECES)) for _ in range(chance.randrange(6))]
        version = "2010-05-08" if service == "iam" else "2011-06-15"
        text = urllib.parse.urlencode([("Action", operation), ("Version", version), *pairs], errors="surrogatepass")
        body = text.encode() + (chance.randbytes(8) if chance.random() < 0.1 else b"")
        return self._whole(self._raw.head(service, body, {"Content-Type": FORM}), body)

    @staticmethod
    def _whole(headers: dict[str, str], body: bytes) -> bytes:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() != "content-length")
        return f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body

    @staticmethod
    def _mutated(request: bytes, chance: random.Random) -> bytes:
        data = bytearray(request)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randrange(1, 40)]
                case 2:
                    data[at:at] = chance.randbytes(chance.randrange(1, 40))
                case _:
                    data[at:at] = data[at : at + 100]
            if not data:
                break
        return bytes(data)

    @staticmethod
    def _headers(chance: random.Random) -> bytes:
        scope = "/".join(
            chance.choice(("20261124", "us-east-1", "iam", "aws4_request", "", "x" * 50)) for _ in range(4)
        )
        authorization = chance.choice((
            f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/{scope}, SignedHeaders=host, Signature={'0' * 64}",
            f"AWS4-HMAC-SHA256 {chance.choice(('', 'Credential', 'Credential=,Signature=', ',,,,', '=' * 99))}",
            "Bearer " + "x" * chance.randrange(3000),
            "AWS4-ECDSA-P256-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=00",
        ))  # fmt: skip
        date = chance.choice(("20261124T000000Z", "99999999T999999Z", "Mon, 23 Nov 2026 17:59:49 GMT", "", "x"))
        query = chance.choice(
            ("", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=9999999999", "?%zz", "?" + "&" * 3000)
        )
        method = chance.choice(("GET", "POST", "DELETE", "OPTIONS", "HEAD"))
        path = chance.choice(("", "..", "%2e", "a" * 500))
        return (
            f"{method} /{path}{query} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nX-Amz-Date: {date}\r\n"
            f"X-Amz-Security-Token: {'A' * chance.randrange(300)}\r\nContent-Length: 0\r\n\r\n"
        ).encode()


def exchange(address: tuple[str, int], requests: list[bytes]) -> Counter[int]:
    """Send *requests* on one connection and its successors; count the answers by status, 0 for none."""
    found: Counter[int] = Counter()
    for request in requests:
        with socket.create_connection(address, timeout=SECONDS_MAX) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                answer = b""
                while data := connection.recv(65_536):
                    answer += data
            except ConnectionError:
                found[0] += 1
                continue
        statuses = [int(status) for status in _STATUS.findall(answer)]
        found.update(statuses or [0])
    return found


def test_a_hundred_thousand_hostile_requests() -> None:
    """Slow: a minute or two for 100,000 connections."""
    with served("--ephemeral") as server:
        address = urllib.parse.urlsplit(server.endpoint)
        target = (address.hostname, address.port)
        with closing(Raw(server.endpoint, server.admin.access_key_id, server.admin.secret_access_key.reveal())) as raw:
            attacker = Attacker(raw)
            exchange(target, [attacker.request(seed) for seed in range(5_000)])
            before = resident_megabytes(server.process.pid)

            found: Counter[int] = Counter()
            for start in range(0, REQUESTS, 1_000):
                batch = [attacker.request(seed) for seed in range(start, start + 1_000)]
                answers = exchange(target, batch)
                assert not [status for status in answers if status >= 500], f"seeds from {start}: {answers}"
                found += answers

            assert raw.is_usable() or raw.form("sts", "GetCallerIdentity", {})[0] == 200
            after = resident_megabytes(server.process.pid)

        assert sum(found.values()) >= REQUESTS
        assert found[400] > REQUESTS / 10
        assert found[403] > REQUESTS / 100
        assert found[200] > 0
        assert after - before < GROWTH_MB_MAX, (before, after)
