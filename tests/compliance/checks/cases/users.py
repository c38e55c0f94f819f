from check_cases import FAIL, NA, PASS, UNKNOWN, Case

from remit.compliance.checks.parameters import Parameters

PASSWORD, DEVICES, TAGS = "iam:GetLoginProfile", "iam:ListMFADevices", "iam:ListUserTags"
SAML, OIDC, DETAILS = "iam:ListSAMLProviders", "iam:ListOpenIDConnectProviders", "iam:GetAccountAuthorizationDetails"
EMERGENCY = {"parameters": Parameters(emergency_users=("alice",))}
PLAIN, CENTER = {"Path": "/"}, {"Path": "/aws-reserved/sso.amazonaws.com/eu-west-1/"}


def user(name="alice", *, password=True, owner="Alice", devices=1):
    tags = [{"Key": "Owner", "Value": owner}] if owner is not None else []
    return {
        "iam:ListUsers": {"Users": [{"UserName": name, "Arn": f"arn:aws:iam::111122223333:user/{name}"}]},
        f"{PASSWORD} UserName={name}": {"LoginProfile": {}} if password else "NoSuchEntity",
        f"{TAGS} UserName={name}": {"Tags": tags},
        f"{DEVICES} UserName={name}": {"MFADevices": [{}] * devices},
    }


def ways(saml=(), oidc=(), roles=(PLAIN,)):
    return {
        SAML: {"SAMLProviderList": list(saml)},
        OIDC: {"OpenIDConnectProviderList": list(oidc)},
        DETAILS: {"RoleDetailList": list(roles)},
    }


def detail(**members):
    usual = {"Arn": "arn", "UserPolicyList": [], "AttachedManagedPolicies": [], "GroupList": []}
    return {DETAILS: {"UserDetailList": [{**usual, **members}]}}


NOBODY = {"iam:ListUsers": {"Users": []}}
SOME = {DETAILS: {"UserDetailList": []}}

CASES = (
    Case("iam.person.owner", PASS, user(), "belongs to Alice"),
    Case("iam.person.owner", FAIL, user(owner=None), "no tag Owner"),
    Case("iam.person.owner", FAIL, user(owner=" ")),
    Case("iam.person.owner", UNKNOWN, {**user(), f"{TAGS} UserName=alice": "AccessDenied"}),
    Case("iam.person.owner", NA, NOBODY),
    Case("iam.person.shared", PASS, user()),
    Case("iam.person.shared", FAIL, user("Admin"), "`Admin`"),
    Case("iam.person.shared", FAIL, user("team-blue"), "`team-blue`"),
    Case("iam.person.shared", FAIL, user(owner=None), "no tag Owner"),
    Case("iam.person.shared", UNKNOWN, {**user(), f"{PASSWORD} UserName=alice": "AccessDenied"}),
    Case("iam.person.shared", NA, user("admin", password=False), "no password"),
    Case("iam.person.federated", PASS, {**user(), **ways(saml=[{}])}, "identity provider", more=EMERGENCY),
    Case("iam.person.federated", PASS, {**NOBODY, **ways(roles=[CENTER])}, "Identity Center"),
    Case("iam.person.federated", FAIL, {**user(), **ways(saml=[{}])}, "user alice signs in"),
    Case("iam.person.federated", FAIL, {**user(), **ways()}, "neither", more=EMERGENCY),
    Case("iam.person.federated", UNKNOWN, {**NOBODY, **ways(), SAML: "AccessDenied"}),
    Case("iam.person.federated", UNKNOWN, {**NOBODY, **ways(), DETAILS: "Hangs"}),
    Case("iam.person.federated", NA, {**user(password=False), **ways()}, "nobody signs in"),
    Case("iam.mfa.users", PASS, user()),
    Case("iam.mfa.users", FAIL, user(devices=0), "password alone"),
    Case("iam.mfa.users", UNKNOWN, {**user(), f"{DEVICES} UserName=alice": "AccessDenied"}),
    Case("iam.mfa.users", NA, user(password=False, devices=0)),
    Case("iam.group.direct", PASS, detail()),
    Case("iam.group.direct", FAIL, detail(UserPolicyList=[{"PolicyName": "p"}]), "of its own: p"),
    Case("iam.group.direct", FAIL, detail(AttachedManagedPolicies=[{"PolicyName": "q"}]), "of its own: q"),
    Case("iam.group.direct", UNKNOWN, {DETAILS: {"UserDetailList": [{"Arn": "a", "UserPolicyList": []}]}}),
    Case("iam.group.direct", UNKNOWN, {DETAILS: "AccessDenied"}),
    Case("iam.group.direct", PASS, {DETAILS: {"UserDetailList": [{"Arn": "a", "AttachedManagedPolicies": []}]}}),
    Case("iam.group.direct", NA, SOME),
    Case("iam.group.member", PASS, detail(GroupList=["g"]), "is in g"),
    Case("iam.group.member", FAIL, detail(), "in no group"),
    Case("iam.group.member", UNKNOWN, {DETAILS: {"UserDetailList": [{"Arn": "a"}]}}),
    Case("iam.group.member", NA, SOME),
)
