import json
from urllib.parse import quote

from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import (
    ADMIN,
    DETAILS,
    EVERYTHING,
    IN_ONE,
    account,
    allow,
    alone,
    arn,
    denied,
    document,
    group,
    guarded,
    managed,
    role,
    trusting,
    user,
)

from remit.compliance.checks.parameters import Parameters

APPROVED = {"parameters": Parameters(administrators=("arn:aws:iam::*:user/alice", "arn:aws:iam::*:role/Admin"))}
OWN = arn("policy", "own")
POWER = document({"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"})
BUT_ONE = document({"Effect": "Allow", "NotAction": ["s3:DeleteBucket"], "Resource": "*"})
WITH_MFA = allow("*", Bool={"aws:MultiFactorAuthPresent": "true"})
PEOPLE = trusting(AWS="arn:aws:iam::111122223333:root")
LINKED = role("linked", EVERYTHING, path="/aws-service-role/x.amazonaws.com/")


def used(date=None, **more):
    return account(role(RoleLastUsed={"LastUsedDate": date} if date else {}, **more))


def left_out(policy_arn, answers):
    """Return an account whose one user has a policy that the list of everything leaves out."""
    return account(user(attached=[policy_arn]), policies=[], **answers)


def analyzers(**members):
    return {
        "accessanalyzer:ListAnalyzers": {"analyzers": [{"name": "a", "type": "ACCOUNT", "status": "ACTIVE", **members}]}
    }


def escaped(one):
    return quote(json.dumps(one))


CASES = (
    Case("iam.priv.admin", PASS, account(user("alice", allow("s3:*")))),
    Case("iam.priv.admin", PASS, account(user("alice", POWER)), "does not allow everything"),
    Case("iam.priv.admin", PASS, account(user(attached=[ADMIN])), "approved administrators only", more=APPROVED),
    Case("iam.priv.admin", PASS, account(user(groups=["g"]), group("g", attached=[ADMIN])), more=APPROVED),
    Case("iam.priv.admin", FAIL, account(user(attached=[ADMIN])), "attached to arn:aws:iam::111122223333:user/alice"),
    Case("iam.priv.admin", FAIL, account(user("bob", groups=["g"]), group("g", attached=[ADMIN])), more=APPROVED),
    Case("iam.priv.admin", FAIL, account(group("empty", EVERYTHING)), more=APPROVED),
    Case("iam.priv.admin", FAIL, account(user("alice", BUT_ONE))),
    Case("iam.priv.admin", FAIL, account(user("alice", WITH_MFA))),
    Case("iam.priv.admin", FAIL, account(user("alice", escaped(EVERYTHING)))),
    Case("iam.priv.admin", UNKNOWN, account(user(attached=[ADMIN]), policies=[]), "its document is not in"),
    Case("iam.priv.admin", UNKNOWN, {DETAILS: "AccessDenied"}),
    Case("iam.priv.admin", FAIL, left_out(ADMIN, alone(ADMIN, EVERYTHING)), "attached to arn:aws:iam::111122223333"),
    Case("iam.priv.admin", PASS, left_out(OWN, alone(OWN, allow("s3:*"), v2=EVERYTHING)), "does not allow everything"),
    # Of AWS's policies nobody can choose another version, of one's own somebody can.
    Case("iam.priv.admin", FAIL, left_out(ADMIN, alone(ADMIN, EVERYTHING, v2="AccessDenied"))),
    Case("iam.priv.admin", UNKNOWN, left_out(OWN, alone(OWN, allow("s3:*"), v2="AccessDenied"))),
    Case("iam.priv.admin", UNKNOWN, left_out(OWN, alone(OWN, "AccessDenied"))),
    Case("iam.priv.admin", UNKNOWN, left_out(OWN, alone(OWN, {"Statement": 1}))),
    Case("iam.priv.admin", UNKNOWN, left_out(OWN, {f"iam:ListPolicyVersions PolicyArn={OWN}": "AccessDenied"})),
    Case("iam.priv.admin", UNKNOWN, left_out(OWN, {f"iam:ListPolicyVersions PolicyArn={OWN}": {"Versions": []}})),
    Case("iam.priv.admin", NA, account(user())),
    Case("iam.priv.wildcard", PASS, account(policies=[managed(OWN, allow("s3:Get*"))])),
    Case("iam.priv.wildcard", PASS, account(policies=[managed(OWN, allow("s3:*", resources="arn:aws:s3:::b"))])),
    Case("iam.priv.wildcard", PASS, account(policies=[managed(OWN, denied("s3:*"))])),
    Case("iam.priv.wildcard", PASS, account(user(attached=[OWN]), policies=[managed(OWN, EVERYTHING)]), more=APPROVED),
    Case("iam.priv.wildcard", FAIL, account(policies=[managed(OWN, allow("s3:*"))]), "allows s3:* on everything"),
    Case("iam.priv.wildcard", FAIL, account(policies=[managed(OWN, EVERYTHING)])),
    Case("iam.priv.wildcard", FAIL, account(user("bob", attached=[OWN]), policies=[managed(OWN, allow("s3:*"))])),
    Case("iam.priv.wildcard", UNKNOWN, {DETAILS: "AccessDenied"}),
    Case("iam.priv.wildcard", NA, account()),
    Case("iam.priv.support", PASS, account(role("Help", allow("support:*"), trust=PEOPLE)), "role/Help may open"),
    Case("iam.priv.support", PASS, account(role("SSO", EVERYTHING, trust=trusting(Federated="arn:saml")))),
    Case("iam.priv.support", FAIL, account(role("Help", allow("support:*"))), "no role"),
    Case("iam.priv.support", FAIL, account(role("Help", allow("support:Describe*"), trust=PEOPLE))),
    Case(
        "iam.priv.support",
        FAIL,
        {**account(role("Help", allow("support:*"), trust=PEOPLE)), **IN_ONE},
        organization=guarded(denied("support:*")),
    ),
    Case("iam.priv.support", UNKNOWN, account(role("Help", attached=[OWN], trust=PEOPLE)), "is not in"),
    Case("iam.priv.support", UNKNOWN, {**account(role("Help", allow("support:*"), trust=PEOPLE)), **IN_ONE}),
    Case("iam.priv.unused", PASS, used("2026-09-01T12:00:00Z"), "89 days ago"),
    Case("iam.priv.unused", FAIL, used("2026-08-31T12:00:00Z"), "not used for 90 days"),
    Case("iam.priv.unused", FAIL, used(), "never used"),
    Case(
        "iam.priv.unused",
        UNKNOWN,
        {DETAILS: {"RoleDetailList": [{"Arn": "r", "Path": "/", "CreateDate": "2026-01-01T00:00:00Z"}]}},
    ),
    Case("iam.priv.unused", NA, used(CreateDate="2026-09-01T12:00:00Z"), "younger"),
    Case("iam.priv.unused", NA, account(LINKED)),
    Case("iam.priv.analyzer", PASS, analyzers()),
    Case("iam.priv.analyzer", FAIL, analyzers(status="FAILED")),
    Case("iam.priv.analyzer", FAIL, analyzers(type="ACCOUNT_UNUSED_ACCESS")),
    Case("iam.priv.analyzer", UNKNOWN, {"accessanalyzer:ListAnalyzers": "AccessDeniedException"}),
    Case("iam.priv.effective", PASS, account(user("alice", POWER)), "no full access"),
    Case("iam.priv.effective", PASS, account(user(attached=[ADMIN])), "approved as administrator", more=APPROVED),
    Case(
        "iam.priv.effective",
        PASS,
        account(user(attached=[ADMIN, OWN]), policies=[managed(ADMIN, EVERYTHING), managed(OWN, denied("*"))]),
    ),
    Case(
        "iam.priv.effective",
        PASS,
        account(
            user(attached=[ADMIN], boundary=OWN), policies=[managed(ADMIN, EVERYTHING), managed(OWN, allow("s3:*"))]
        ),
    ),
    Case(
        "iam.priv.effective",
        PASS,
        {**account(user(attached=[ADMIN])), **IN_ONE},
        organization=guarded(denied("iam:*")),
    ),
    Case("iam.priv.effective", FAIL, account(user(attached=[ADMIN])), "nobody has approved it"),
    Case("iam.priv.effective", FAIL, account(user(groups=["g"]), group("g", EVERYTHING))),
    Case("iam.priv.effective", FAIL, account(role("Other", WITH_MFA)), more=APPROVED),
    Case("iam.priv.effective", FAIL, account(user("alice", allow("s3:*", "iam:*"), POWER))),
    Case(
        "iam.priv.effective", FAIL, {**account(user(attached=[ADMIN])), **IN_ONE}, organization=guarded(denied("ec2:*"))
    ),
    Case("iam.priv.effective", UNKNOWN, {**account(user(attached=[ADMIN])), **IN_ONE}, "no snapshot of the management"),
    Case("iam.priv.effective", FAIL, left_out(ADMIN, alone(ADMIN, EVERYTHING)), "nobody has approved it"),
    Case("iam.priv.effective", PASS, left_out(OWN, alone(OWN, POWER)), "no full access"),
    Case(
        "iam.priv.effective",
        PASS,
        account(user(attached=[ADMIN], boundary=OWN), **alone(OWN, allow("s3:*"))),
    ),
    Case(
        "iam.priv.effective",
        UNKNOWN,
        left_out(OWN, alone(OWN, "AccessDenied")),
        "and iam:GetPolicyVersion arn:aws:iam::111122223333:policy/own v1 was denied",
    ),
    Case("iam.priv.effective", UNKNOWN, account(user(attached=[OWN])), "is not in"),
    Case("iam.priv.effective", UNKNOWN, account(user(groups=["g"])), "group g is not in"),
    Case("iam.priv.effective", UNKNOWN, account(user("alice", {"Statement": 1})), "is none"),
    Case("iam.priv.effective", NA, account(LINKED)),
    Case("iam.priv.effective", NA, account()),
)
