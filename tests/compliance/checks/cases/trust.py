from check_cases import FAIL, NA, PASS, UNKNOWN, Case
from principals import DETAILS, IN_ONE, MANAGEMENT, account, document, role, trusting

from remit.compliance.checks.parameters import Parameters

OTHER, MEMBER = "222233334444", "333344445555"
GITHUB = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
KEY = "token.actions.githubusercontent.com"
TRUSTED = {"parameters": Parameters(trusted_accounts=(OTHER,))}
MEMBERS = {"organizations:ListAccounts": {"Accounts": [{"Id": MANAGEMENT}, {"Id": MEMBER}]}}


def trust(principal, action="sts:AssumeRole", **condition):
    more = {"Condition": condition} if condition else {}
    return account(role(trust=document({"Effect": "Allow", "Principal": principal, "Action": action, **more})))


def web(**condition):
    return trust({"Federated": GITHUB}, "sts:AssumeRoleWithWebIdentity", **condition)


def root(id_):
    return {"AWS": f"arn:aws:iam::{id_}:root"}


AGREED = {"StringEquals": {"sts:ExternalId": "word"}}
AUD = {f"{KEY}:aud": "sts.amazonaws.com"}
SUB = {f"{KEY}:sub": "repo:ours/app:*"}

CASES = (
    Case("iam.priv.trust", PASS, trust({"Service": "lambda.amazonaws.com"}), "nobody in from other accounts"),
    Case("iam.priv.trust", PASS, trust(root("111122223333"))),
    Case("iam.priv.trust", PASS, trust(root(OTHER), **AGREED), "whom it should", more=TRUSTED),
    Case("iam.priv.trust", PASS, {**trust(root(MEMBER)), **IN_ONE}, organization=MEMBERS),
    Case("iam.priv.trust", PASS, trust({"AWS": "*"}, StringEquals={"aws:PrincipalAccount": "111122223333"})),
    Case("iam.priv.trust", FAIL, trust(root(OTHER)), "222233334444 may sts:AssumeRole"),
    Case("iam.priv.trust", FAIL, trust(root(OTHER), **AGREED)),
    Case("iam.priv.trust", FAIL, trust(root(OTHER)), "without an external id", more=TRUSTED),
    Case("iam.priv.trust", FAIL, trust({"AWS": "*"}), "may sts:AssumeRole"),
    Case("iam.priv.trust", FAIL, {**trust(root(OTHER)), **IN_ONE}, organization=MEMBERS),
    Case("iam.priv.trust", UNKNOWN, {**trust(root(OTHER)), **IN_ONE}, "no snapshot of the management account"),
    Case("iam.priv.trust", UNKNOWN, account(role(trust={"Statement": 1})), "is none"),
    Case("iam.priv.trust", UNKNOWN, {DETAILS: "AccessDenied"}),
    Case("iam.priv.trust", NA, account()),
    Case("iam.priv.oidc", PASS, web(StringEquals=AUD, StringLike=SUB)),
    Case("iam.priv.oidc", FAIL, web(StringEquals=AUD), "a token of a stranger's project"),
    Case("iam.priv.oidc", FAIL, web(StringEquals=AUD, StringLike={f"{KEY}:sub": "repo:*"}), "stranger's project"),
    Case("iam.priv.oidc", FAIL, web(StringLike=SUB), "a token for another audience"),
    Case("iam.priv.oidc", FAIL, web()),
    Case("iam.priv.oidc", UNKNOWN, account(role(trust={"Statement": 1}))),
    Case(
        "iam.priv.oidc", NA, trust({"Federated": "arn:aws:iam::111122223333:saml-provider/x"}, "sts:AssumeRoleWithSAML")
    ),
    Case("iam.priv.oidc", NA, account(role(trust=trusting(Service="ec2.amazonaws.com")))),
)
