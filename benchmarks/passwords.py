"""Other people's requests while passwords are checked: a check takes a core for tens of milliseconds.

python benchmarks/passwords.py [--quick]

GetCallerIdentity by one client, alone and beside twenty password checks a second (ChangePassword with a wrong old
password, one check each). Server and generator share the machine's cores as they do anywhere.
"""

import argparse
import sys
import threading
import time
from typing import Self

import load
from endpoint import Target, remit, row

_CHECKS_A_SECOND = 20
_ASKED = {"Version": "2010-05-08", "UserName": "walker"}


class Checks:
    """Twenty password checks a second, on a thread of their own each, until the block ends."""

    def __init__(self, target: Target, request: bytes) -> None:
        self._target, self._request = target, request
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._lock = threading.Lock()
        self.done: list[float] = []

    def _run(self) -> None:
        began, number = time.perf_counter(), 0
        while not self._over.wait(max(0.0, began + number / _CHECKS_A_SECOND - time.perf_counter())):
            threading.Thread(target=self._check, daemon=True).start()
            number += 1

    def _check(self) -> None:
        began = time.perf_counter()
        answer = load.ask(self._target.endpoint, self._request)
        assert "The old password was incorrect." in answer, answer
        with self._lock:
            self.done.append(time.perf_counter() - began)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._over.set()
        self._thread.join()


def wrong_password(target: Target) -> bytes:
    """Make a user with a password, and return a request of theirs that is refused after a check."""
    admin = target.signer

    def ask(operation: str, **parameters: str) -> str:
        return load.ask(target.endpoint, admin.request("iam", {"Action": operation, **_ASKED, **parameters}))

    ask("CreateUser")
    ask("CreateLoginProfile", Password="correct Horse 1")
    load.ask(
        target.endpoint,
        admin.request(
            "iam",
            {"Action": "UpdateAccountPasswordPolicy", "Version": "2010-05-08", "AllowUsersToChangePassword": "true"},
        ),
    )
    made = ask("CreateAccessKey")
    key, secret = (made.split(f"<{name}>")[1].split("<")[0] for name in ("AccessKeyId", "SecretAccessKey"))
    asked = {"Version": "2010-05-08", "Action": "ChangePassword", "OldPassword": "wrong", "NewPassword": "any Horse 2"}
    return load.Signer(target.endpoint, key, secret).request("iam", asked)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    count = 2_000 if parser.parse_args().quick else 20_000
    print("| what | Remit | moto | ratio | bar |\n| --- | --- | --- | --- | --- |")
    with remit(pinned=False) as target:
        request = wrong_password(target)
        alone = load.run(target.endpoint, target.identity_requests(count), 1, [target.pid])
        with Checks(target, request) as checks:
            beside = load.run(target.endpoint, target.identity_requests(count), 1, [target.pid])
    assert alone.errors == beside.errors == 0
    taken = sorted(checks.done)
    row("GetCallerIdentity alone, p99", f"{alone.percentile(0.99) * 1000:.2f} ms", "", "", "")
    row("beside 20 password checks a second, p99", f"{beside.percentile(0.99) * 1000:.2f} ms", "", "", "< 5 ms")
    row("a password check, median", f"{taken[len(taken) // 2] * 1000:.0f} ms", "", "", "")
    row("checks a second", f"{len(taken) / beside.seconds:.1f}", "", "", "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
