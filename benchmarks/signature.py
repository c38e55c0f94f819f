"""What it costs to check a signature, beside what it costs botocore to make it, in the same run.

    python benchmarks/signature.py

The request is the one that boto3 sends for `iam:ListUsers`. Figures are those of the fastest of many short rounds, in
microseconds of CPU time: on a machine that others use, a median tells how busy they are.
"""

import hmac
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from remit.authn import authenticate
from remit.directory import KINDS
from remit.directory.access_keys import create_access_key
from remit.directory.accounts import create_account
from remit.directory.sessions import seal_session
from remit.directory.users import create_user
from remit.ids import AccountId, new_access_key_id, new_secret_access_key
from remit.request import HttpRequest, Protocol, Routed, Session, SessionKind
from remit.store import Answer, Database, Transaction, open_backend

ROUNDS, CALLS = 40, 2_000
ACCOUNT = AccountId("111122223333")
BODY = b"Action=ListUsers&Version=2010-05-08"
URL = "http://127.0.0.1:7364/"


def microseconds(work: Callable[[], object], calls: int = CALLS) -> float:
    """Return the time of *work* in the round that was disturbed least."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(calls):
            work()
        rounds.append((process_time() - began) / calls * 1e6)
    return min(rounds)


def request(keys: Credentials, signer: type[SigV4Auth], method: str = "POST") -> AWSRequest:
    """Return a request as boto3 sends it, signed."""
    made = AWSRequest(
        method,
        URL if method == "POST" else f"{URL}?{BODY.decode()}",
        headers={
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 os/linux lang/python#3.11 Botocore/1.44.8",
        } if method == "POST" else {},
        data=BODY if method == "POST" else b"",
    )  # fmt: skip
    signer(keys, "iam", "us-east-1").add_auth(made)
    return made


def routed(made: AWSRequest) -> Routed:
    """Return what authentication gets of a request."""
    prepared = made.prepare()
    path, _, query = prepared.url.removeprefix(URL[:-1]).partition("?")
    headers = {
        name.lower(): value if isinstance(value, str) else value.decode() for name, value in prepared.headers.items()
    }
    headers.update({"host": "127.0.0.1:7364", "accept-encoding": "identity"})
    http = HttpRequest(prepared.method, path, query, headers, prepared.body or b"", "127.0.0.1")
    return Routed(http, "iam", "iam", "ListUsers", Protocol.QUERY, "r", datetime.now(UTC))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(open_backend(str(Path(folder) / "remit.db")), KINDS)
        database.open(b"m" * 32)
        database.run(measure)
        database.close_now()


def measure(tx: Transaction) -> Answer[None]:
    now = datetime.now(UTC)
    create_account(tx, ACCOUNT, email="root@localhost", name="main", at=now)
    user = create_user(tx, ACCOUNT, "ana", path="/", at=now, tags={})
    key, secret = create_access_key(tx, ACCOUNT, user.id, at=now)
    keys = Credentials(key.id, secret.reveal())
    session = Session(
        kind=SessionKind.SESSION_TOKEN,
        access_key_id=new_access_key_id(ACCOUNT, temporary=True),
        secret=new_secret_access_key(),
        account=ACCOUNT,
        issuer_id=user.id,
        issued_at=now,
        expires_at=now.replace(year=now.year + 1),
        parent_access_key_id=key.id,
    )
    temporary = Credentials(session.access_key_id, session.secret.reveal(), seal_session(tx.keyring, session))

    def claim(_key: str, _account: AccountId | None) -> None:
        pass

    whole = routed(request(keys, SigV4Auth))
    of_session = routed(request(temporary, SigV4Auth))
    presigned = routed(request(keys, SigV4QueryAuth, "GET"))
    scale = microseconds(lambda: hmac.digest(b"k" * 32, b"x" * 150, "sha256"))
    print(f"one hmac.digest, for scale          {scale:6.2f} µs")
    print(f"check, header form, long-term key   {microseconds(lambda: authenticate(tx, whole, claim)):6.2f} µs")
    print(f"check, header form, session         {microseconds(lambda: authenticate(tx, of_session, claim)):6.2f} µs")
    print(f"check, pre-signed                   {microseconds(lambda: authenticate(tx, presigned, claim)):6.2f} µs")
    signing = microseconds(lambda: request(keys, SigV4Auth), 500)
    making = microseconds(lambda: request(keys, NoAuth), 500)
    print(f"botocore signs, header form         {signing - making:6.2f} µs")
    return Answer(None)


class NoAuth(SigV4Auth):
    """Signs nothing: what making a request costs by itself."""

    def add_auth(self, request: AWSRequest) -> None:
        pass


if __name__ == "__main__":
    main()
