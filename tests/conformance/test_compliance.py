"""Faults that are planted in a served organization are found, all of them and no others."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conformance.artifact import by_series, events
from serving import Served

from remit.clock import FixedClock, SystemClock
from remit.compliance.checks import CHECKS, Facts, Verdict
from remit.compliance.checks.parameters import Parameters
from remit.compliance.collecting import collect
from remit.compliance.snapshots import Shelf, Snapshot
from remit.wire.reader import Reader

pytestmark = pytest.mark.conformance

FAMILIES = ("iam.", "org.guard.", "org.tree.units", "org.delegated", "acc.")
# Remit has no computers, networks and data: what is about them is not known, and nothing is planted there.
JUDGED = {id_: check for id_, check in CHECKS.items() if id_.startswith(FAMILIES)}
READS = frozenset(read for check in JUDGED.values() for read in check.reads)
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
PASSWORD = "Correct-Horse-7-Battery"  # of a test
LAID_DOWN = Parameters(
    administrators=("arn:aws:iam::*:role/OrganizationAccountAccessRole",), trusted_services=("iam.amazonaws.com",)
)
# The sample reports of the series SOC reach until the end of September 2026.
WHILE_CURRENT = FixedClock(datetime(2026, 11, 29, tzinfo=UTC))
GITHUB = "token.actions.githubusercontent.com"


def document(*actions: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": list(actions), **({"Resource": "*"} | more)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(action: str = "sts:AssumeRole", condition: Any = None, **principal: str) -> str:
    more = {"Condition": condition} if condition else {}
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def plant_people(iam: Any) -> None:
    iam.create_group(GroupName="people")
    iam.put_group_policy(GroupName="people", PolicyName="look", PolicyDocument=document("s3:Get*"))
    for name in ("team", "alice", "builder", "boss", "keys"):
        tags = [] if name == "alice" else [{"Key": "Owner", "Value": f"{name}@example.com"}]
        iam.create_user(UserName=name, Tags=tags)
        if name != "alice":
            iam.add_user_to_group(UserName=name, GroupName="people")
    for name in ("team", "alice"):
        iam.create_login_profile(UserName=name, Password=PASSWORD)
    for _ in range(2):
        iam.create_access_key(UserName="keys")
    iam.put_user_policy(UserName="alice", PolicyName="own", PolicyDocument=document("sqs:List*"))
    iam.create_group(GroupName="builders")
    builds = document("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
    iam.put_group_policy(GroupName="builders", PolicyName="build", PolicyDocument=builds)
    iam.add_user_to_group(UserName="builder", GroupName="builders")
    iam.create_group(GroupName="bosses")
    iam.attach_group_policy(GroupName="bosses", PolicyArn=ADMIN)
    iam.add_user_to_group(UserName="boss", GroupName="bosses")


def plant_roles(iam: Any, account: str) -> None:
    provider = f"arn:aws:iam::{account}:oidc-provider/{GITHUB}"
    roles = {
        "Machine": trust(Service="lambda.amazonaws.com"),
        "Vendor": trust(AWS="arn:aws:iam::222233334444:root"),
        "Deploy": trust(
            "sts:AssumeRoleWithWebIdentity",
            {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}, "StringLike": {f"{GITHUB}:sub": "repo:*"}},
            Federated=provider,
        ),
    }
    for name, policy in roles.items():
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)
    iam.attach_role_policy(RoleName="Machine", PolicyArn=ADMIN)
    iam.create_policy(PolicyName="wide", PolicyDocument=document("s3:*"))


def planted(account: str) -> set[tuple[str, str]]:
    root = f"arn:aws:iam::{account}:root"

    def of(check: str, *names: str) -> set[tuple[str, str]]:
        return {(check, f"arn:aws:iam::{account}:{name}") for name in names}

    return {
        *of("iam.person.owner", "user/alice"),
        *of("iam.person.shared", "user/alice", "user/team"),
        *of("iam.mfa.users", "user/alice", "user/team"),
        *of("iam.group.direct", "user/alice"),
        *of("iam.group.member", "user/alice"),
        *of("iam.key.two", "user/keys"),
        *of("iam.priv.effective", "user/boss", "role/Machine"),
        *of("iam.priv.escalate", "user/builder"),
        *of("iam.priv.passrole", "user/builder"),
        *of("iam.priv.trust", "role/Vendor"),
        *of("iam.priv.oidc", "role/Deploy"),
        *of("iam.priv.wildcard", "policy/wide"),
        *of("iam.mfa.enforced", "user/boss"),
        ("iam.priv.admin", ADMIN),
        ("org.delegated.trusted", "sso.amazonaws.com"),
        *(
            (check, root)
            for check in (
                "iam.person.federated",
                "iam.pw.policy",
                "iam.root.central",
                "acc.contacts",
                "acc.contacts.security",
                "acc.owner",
                "acc.data",
                "org.tree.units",
                "org.guard.coverage",
                "org.guard.leave",
                "org.guard.region",
                "org.guard.root",
                "org.guard.trail",
            )
        ),
    }


def found(facts: Facts) -> set[tuple[str, str]]:
    outcomes = [check.outcome(facts) for check in JUDGED.values()]
    return {
        (finding.check, finding.subject)
        for outcome in outcomes
        for finding in outcome.findings
        if finding.verdict is Verdict.FAIL
    }


@pytest.fixture
def organization(server: Served) -> str:
    """Found an organization without guardrails, and return the id of its member."""
    organizations = server.client("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.enable_policy_type(
        RootId=organizations.list_roots()["Roots"][0]["Id"], PolicyType="SERVICE_CONTROL_POLICY"
    )
    organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    organizations.enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    status = organizations.create_account(Email="m@example.com", AccountName="m")["CreateAccountStatus"]
    return str(status["AccountId"])


def snapshots(server: Served, account: str, folder: Path) -> tuple[Snapshot, Snapshot]:
    admin = server.admin
    reader = Reader(server.endpoint, "us-east-1", admin.access_key_id, admin.secret_access_key)
    member = reader.assuming(f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole", "audit")
    taken = [
        collect(one, Shelf(folder), SystemClock(), names=READS, regions=("us-east-1",)).snapshot
        for one in (reader, member)
    ]
    return taken[0], taken[1]


def test_every_planted_fault_is_found_and_none_is_invented(server: Served, organization: str, tmp_path: Path) -> None:
    key = server.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{organization}:role/OrganizationAccountAccessRole", RoleSessionName="plant"
    )["Credentials"]
    iam = server.client(
        "iam",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        aws_session_token=key["SessionToken"],
    )
    plant_people(iam)
    plant_roles(iam, organization)

    management, member = snapshots(server, organization, tmp_path)
    facts = Facts(snapshot=member, organization=management, parameters=LAID_DOWN)

    assert found(facts) == planted(organization)
    assert len(planted(organization)) >= 25


def test_what_aws_does_is_inherited_once_its_newest_report_is_downloaded(server: Served, tmp_path: Path) -> None:
    artifact = server.client("artifact")
    check = CHECKS["rep.staff"]
    admin = server.admin
    reader = Reader(server.endpoint, "us-east-1", admin.access_key_id, admin.secret_access_key)

    def judged(folder: str) -> Any:
        shelf = Shelf(tmp_path / folder)
        taken = collect(reader, shelf, WHILE_CURRENT, names=check.reads, regions=("us-east-1",)).snapshot
        return check.outcome(Facts(snapshot=taken)).findings[0]

    before = judged("before")
    report = by_series(artifact, "SOC")
    token = artifact.get_term_for_report(reportId=report["id"])["termToken"]
    artifact.get_report(reportId=report["id"], termToken=token)
    events(server, "GetReport", 1)
    after = judged("after")

    assert before.verdict is Verdict.UNKNOWN
    assert "did not download" in before.reason
    assert after.verdict is Verdict.PASS, after.reason
    assert after.reason.startswith(report["name"])
