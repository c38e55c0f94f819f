"""An organization of 10,000 accounts in 1,000 units on 5 levels, with 500 policies: what its size costs.

python benchmarks/organizations.py [--quick]

The organization is put into the store before it is served. Latencies are those of one client alone. Beside a change
that concerns every account, another client asks on: what it waits at most is what the change holds up.
"""

import argparse
import configparser
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import load
from accounts import run_in_batches
from endpoint import ROOT, Target, on_processor, remit

from remit.authz.gather import policies_for
from remit.authz.standing import caller_named
from remit.authz.who import who_of
from remit.directory.accounts import create_account, known_account
from remit.directory.facts import Quota
from remit.directory.organizations import (
    ORGANIZATIONS,
    UNITS,
    Organization,
    PolicyType,
    create_organization,
    join_organization,
)
from remit.directory.organizations.attachments import attach, enable_type, find_target
from remit.directory.organizations.effective_policies import effective, inherited
from remit.directory.organizations.members import known_member, move_account
from remit.directory.organizations.policies import create_policy
from remit.directory.organizations.units import create_unit
from remit.endpoint.founding import add_administrator, found, write_credentials
from remit.endpoint.settings import read_settings
from remit.endpoint.stores import open_database
from remit.ids import AccountId
from remit.policy import Request, Resource
from remit.policy.evaluate import compile_policies
from remit.policy.management import ManagementPolicyType
from remit.store import Answer, Database, Transaction

AT = datetime(2026, 3, 4, 10, 20, 30, tzinfo=UTC)
ACCOUNTS, UNITS_MADE, POLICIES, LEVELS = 10_000, 1_000, 500, 5
TARGET = "AWSOrganizationsV20161128."
QUOTAS = {Quota.ACCOUNTS: 50_000}
_AT_ONCE = 500


def scp(number: int) -> str:
    """Return a document that denies something, another thing for each number."""
    actions = [f"service{number}:Delete{word}" for word in ("Thing", "Other", "Everything")]
    statement = {"Effect": "Deny", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def tags(number: int) -> str:
    """Return a tag policy."""
    return json.dumps({"tags": {f"key{number}": {"tag_value": {"@@assign": [f"value{number}", "other"]}}}})


def fill(folder: Path) -> AccountId:
    """Make the store; return the account that lies deepest."""
    settings, _ = read_settings({"data": folder}, {}, Path("none"))
    database = open_database(settings)
    founded = found(database, settings, AT)
    assert founded.administrator is not None
    write_credentials(folder / "credentials", founded.administrator)
    own = founded.account.id
    made = _do(database, lambda tx: create_organization(tx, known_account(tx, own), at=AT, quotas=QUOTAS))
    _do(database, lambda tx: enable_type(tx, _now(tx, made), PolicyType.TAG))

    def account(tx: Transaction, number: int) -> None:
        id_ = AccountId(f"{200_000_000_000 + number}")
        new = create_account(tx, id_, email=f"root-{number}@example.com", name=f"account {number}", at=AT)
        join_organization(tx, made, new, at=AT)

    def unit(tx: Transaction, number: int) -> None:
        parents = sorted((one for one in tx.all(UNITS)), key=lambda one: int(one.name))
        # Chains of five: 0 in the root, 1 in 0 ... 4 in 3, 5 in the root again.
        parent = made.root if number % LEVELS == 0 else parents[-1].id
        create_unit(tx, made, parent, name=f"{number}", tags={}, at=AT)

    def policy(tx: Transaction, number: int) -> None:
        type_, content = (PolicyType.SERVICE_CONTROL, scp(number))
        if number % 5 == 0:
            type_, content = PolicyType.TAG, tags(number)
        new = create_policy(tx, made, type_, name=f"{number}", description="", content=content, tags={}, at=AT)
        target = made.root if number < 8 else _unit(tx, number * 2).id
        attach(tx, _now(tx, made), new, find_target(tx, _now(tx, made), target))

    def move(tx: Transaction, number: int) -> None:
        id_ = f"{200_000_000_000 + number}"
        destination = _unit(tx, number % UNITS_MADE).id
        move_account(tx, made, known_member(tx, made, id_), source=made.root, destination=destination)

    for count, make in ((ACCOUNTS - 1, account), (UNITS_MADE, unit), (POLICIES, policy), (ACCOUNTS - 1, move)):
        run_in_batches(database, count, make)
    deepest = AccountId(f"{200_000_000_000 + UNITS_MADE - 1}")
    administrator = _do(database, lambda tx: add_administrator(tx, deepest, AT))
    write_credentials(folder / "member", administrator)
    _in_process(database, made, deepest)
    database.close_now()
    return deepest


def _unit(tx: Transaction, number: int) -> "UNITS.type":
    found = _units.get(number)
    if found is None:
        _units.update({int(one.name): one.id for one in tx.all(UNITS)})
        found = _units[number]
    return tx.get(UNITS, found)


_units: dict[int, str] = {}


def _now(tx: Transaction, organization: Organization) -> Organization:
    return tx.get(ORGANIZATIONS, organization.id) or organization


def _do(database: Database, work: Callable[[Transaction], object]) -> object:
    return database.run(lambda tx: Answer(work(tx)))


# -- without a server


def _in_process(database: Database, organization: Organization, account: AccountId) -> None:
    """Print what a decision costs with six levels of control policies, and without; and an effective policy."""

    def measure(tx: Transaction) -> Answer[None]:
        found = _now(tx, organization)
        member = known_member(tx, found, account)
        began = time.perf_counter()
        of_account = inherited(tx, found, member, ManagementPolicyType.TAG)
        effective(of_account.type, of_account.contents)
        cold = (time.perf_counter() - began) * 1e3
        caller = caller_named(tx, account, "user/admin")
        request = Request(
            principal=who_of(tx, caller).principal,
            action="s3:GetObject",
            resource=Resource(arn="arn:aws:s3:::b/k", account=account),
            context={},
        )
        bound = policies_for(tx, caller)
        free = type(bound)(identity=bound.identity)
        figures = [_decision(policies, request) for policies in (free, bound)]
        print("| in process | figure | bar |\n| --- | --- | --- |")
        print(f"| effective policy, cold | {cold:.2f} ms | < 5 ms |")
        print(f"| decision, no organization | {figures[0]:.2f} µs | |")
        print(f"| decision, six levels | {figures[1]:.2f} µs, {figures[1] / figures[0]:.2f}x | <= 1.2x |")
        return Answer(None)

    database.run(measure)


def _decision(policies: object, request: Request) -> float:
    rounds = 200_000
    verdict = compile_policies(policies).verdict
    verdict(request)
    best = 1e9
    for _ in range(5):
        began = time.perf_counter()
        for _ in range(rounds):
            verdict(request)
        best = min(best, (time.perf_counter() - began) / rounds)
    return best * 1e6


# -- with a server


def latencies(target: Target, account: AccountId, share: float) -> None:
    """Print the 99th percentile of the operations that read."""
    ask = lambda operation, **asked: target.signer.json_request("organizations", TARGET + operation, asked)  # noqa: E731
    roots = json.loads(load.ask(target.endpoint, ask("ListRoots")).partition("\r\n\r\n")[2])
    root = roots["Roots"][0]["Id"]
    asked = {
        "DescribeOrganization": {},
        "ListRoots": {},
        "DescribeAccount": {"AccountId": account},
        "ListAccounts": {},
        "ListParents": {"ChildId": account},
        "ListChildren": {"ParentId": root, "ChildType": "ORGANIZATIONAL_UNIT"},
        "ListOrganizationalUnitsForParent": {"ParentId": root},
        "ListPolicies": {"Filter": "SERVICE_CONTROL_POLICY"},
        "ListTargetsForPolicy": {"PolicyId": "p-FullAWSAccess"},
        "ListAccountsForParent": {"ParentId": root},
        "DescribeEffectivePolicy": {"PolicyType": "TAG_POLICY", "TargetId": account},
        "ListAccountsWithInvalidEffectivePolicy": {"PolicyType": "TAG_POLICY"},
    }
    print("\n| one client | median | p99 | bar |\n| --- | --- | --- | --- |")
    for operation, members in asked.items():
        result = load.run(target.endpoint, [ask(operation, **members)] * int(1_000 * share), 1, [target.pid])
        assert result.errors == 0, operation
        median, most = (f"{result.percentile(share) * 1e3:.2f} ms" for share in (0.5, 0.99))
        print(f"| {operation} | {median} | {most} | < 5 ms |")


def beside_changes(target: Target, folder: Path, share: float) -> None:
    """Print what a member waits while the root's policy changes and accounts move, and whether a change counts."""
    profile = configparser.ConfigParser()
    profile.read(folder / "member")
    key = profile["default"]
    member = load.Signer(target.endpoint, key["aws_access_key_id"], key["aws_secret_access_key"])
    ask = member.request("iam", {"Action": "ListGroups", "Version": "2010-05-08"})
    waits: list[float] = []
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            load.ask(target.endpoint, ask)
            waits.append(time.perf_counter() - began)

    def change(operation: str, **asked: object) -> str:
        answer = load.ask(target.endpoint, target.signer.json_request("organizations", TARGET + operation, asked))
        assert answer.startswith("HTTP/1.1 200"), answer
        return answer

    def policy(action: str) -> str:
        statement = {"Effect": "Deny", "Action": action, "Resource": "*"}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    root = json.loads(change("ListRoots").partition("\r\n\r\n")[2])["Roots"][0]["Id"]
    listed = json.loads(
        change("ListPoliciesForTarget", TargetId=root, Filter="SERVICE_CONTROL_POLICY").partition("\r\n\r\n")[2]
    )
    own = next(one["Id"] for one in listed["Policies"] if not one["AwsManaged"])
    thread = threading.Thread(target=go_on)
    thread.start()
    late = 0
    rounds = int(50 * share) or 5
    for number in range(rounds):
        action = "iam:ListRoles" if number % 2 else "iam:ListUsers"
        change("UpdatePolicy", PolicyId=own, Content=policy(action))
        asked = {"Action": action.partition(":")[2], "Version": "2010-05-08"}
        late += not load.ask(target.endpoint, member.request("iam", asked)).startswith("HTTP/1.1 403")
    edits = max(waits) * 1e3
    waits.clear()
    for number in range(int(1_000 * share)):
        id_ = f"{200_000_000_000 + number}"
        parent = json.loads(change("ListParents", ChildId=id_).partition("\r\n\r\n")[2])["Parents"][0]["Id"]
        change("MoveAccount", AccountId=id_, SourceParentId=parent, DestinationParentId=root)
    moves = max(waits) * 1e3
    stop.set()
    thread.join()
    print("\n| beside a change | longest wait | bar |\n| --- | --- | --- |")
    print(f"| {rounds} edits of the root's policy, {late} of them late | {edits:.1f} ms | < 20 ms, none late |")
    print(f"| {int(1_000 * share)} accounts moved | {moves:.1f} ms | < 20 ms |")


def main() -> int:
    """Measure, on the second processor; the server has the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests")
    share = 0.1 if parser.parse_args().quick else 1.0
    with on_processor(1), tempfile.TemporaryDirectory(prefix="remit-bench-", dir=ROOT) as folder:
        account = fill(Path(folder))
        with remit(data=Path(folder)) as target:
            memory = load.resident_megabytes(target.pid)
            print(f"\nstart {target.started_seconds:.2f} s (bar 3), {memory:.0f} MB (bar 400)")
            latencies(target, account, share)
            beside_changes(target, Path(folder), share)
            print(f"\nafter all that {load.resident_megabytes(target.pid):.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
