import base64
from datetime import timedelta

from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import ADMIN, DETAILS, EVERYTHING, account, allow, role, user
from snapshots import AT

from remit.compliance.checks import Certificate, Training
from remit.compliance.checks.parameters import Parameters

DAY = timedelta(days=1)


def certificate(holder, issued_at=AT - DAY, expires_at=AT + DAY):
    return Certificate(holder=holder, course="A1", issued_at=issued_at, expires_at=expires_at)


def trained(*holders, members=None, **times):
    certificates = tuple(certificate(holder, **times) for holder in holders)
    return {"training": Training(members=members, certificates=certificates)}


def users(**passwords):
    rows = "\n".join(f"{name},{value}" for name, value in passwords.items())
    report = base64.b64encode(f"user,password_enabled\n{rows}".encode()).decode()
    return {
        "iam:ListUsers": {"Users": [{"UserName": name} for name in passwords]},
        "iam:GetCredentialReport": {"Content": report},
    }


TWENTY = tuple(f"m{number}" for number in range(20))
SOME = users(alice="true", program="false")

CASES = (
    Case("train.members", PASS, SOME, "1 of 1", more=trained("Alice")),
    Case("train.members", PASS, {}, "19 of 20", more=trained(*TWENTY[:19], members=TWENTY)),
    Case(
        "train.members",
        FAIL,
        {},
        "18 of 20 members have a valid certificate; m18",
        more=trained(*TWENTY[:18], members=TWENTY),
    ),
    Case("train.members", FAIL, SOME, "alice has none"),
    Case("train.members", FAIL, SOME, more=trained("alice", expires_at=AT)),
    Case("train.members", FAIL, SOME, more=trained("alice", issued_at=AT + DAY)),
    Case("train.members", UNKNOWN, {**SOME, "iam:GetCredentialReport": "AccessDenied"}, more=trained("alice")),
    Case("train.members", NA, users(program="false")),
    Case("train.members", NA, {}, more=trained(members=())),
)

CASES += (
    Case("train.admins", PASS, account(user(attached=[ADMIN])), more=trained("Alice")),
    Case("train.admins", FAIL, account(user(attached=[ADMIN])), "no valid certificate"),
    Case("train.admins", FAIL, account(user(attached=[ADMIN])), more=trained("alice", expires_at=AT)),
    Case("train.admins", FAIL, account(user()), more={"parameters": Parameters(administrators=("*user/alice",))}),
    Case("train.admins", UNKNOWN, {DETAILS: "AccessDenied"}),
    Case("train.admins", UNKNOWN, account(user(attached=["arn:aws:iam::aws:policy/X"])), "is not in"),
    Case("train.admins", NA, account(role("Admin", EVERYTHING)), "is a role"),
    Case("train.admins", NA, account(user("alice", allow("s3:*")))),
)
