"""Accounts for tests of checks: users, groups, roles and policies, as GetAccountAuthorizationDetails lists them."""

import json

ACCOUNT = "111122223333"
MANAGEMENT = "999999999999"
DETAILS = "iam:GetAccountAuthorizationDetails"
DESCRIBED = "organizations:DescribeOrganization"
ALONE = {DESCRIBED: "AWSOrganizationsNotInUseException"}
IN_ONE = {DESCRIBED: {"Organization": {"Id": "o-1", "MasterAccountId": MANAGEMENT, "FeatureSet": "ALL"}}}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
OLD = "2026-01-01T00:00:00Z"


def statement(actions, resources="*", effect="Allow", **more):
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions, resources="*", **condition):
    more = {"Condition": condition} if condition else {}
    return document(statement(list(actions), resources, **more))


EVERYTHING = allow("*")


def arn(kind, name, account=ACCOUNT):
    return f"arn:aws:iam::{account}:{kind}/{name}"


def trusting(**principal):
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


def user(name="alice", *inline, attached=(), groups=(), boundary=None, **more):
    return {
        "Arn": arn("user", name),
        "UserName": name,
        "UserId": f"AIDA{name.upper()}",
        "Path": "/",
        "CreateDate": OLD,
        "GroupList": list(groups),
        **_policies("UserPolicyList", inline, attached),
        **_bounded(boundary),
        **more,
    }


def role(name="r", *inline, trust=None, attached=(), boundary=None, profile=False, path="/", **more):
    return {
        "Arn": arn("role", f"{path.removeprefix('/')}{name}"),
        "RoleName": name,
        "RoleId": f"AROA{name.upper()}",
        "Path": path,
        "CreateDate": OLD,
        "AssumeRolePolicyDocument": trust or trusting(Service="lambda.amazonaws.com"),
        "InstanceProfileList": [{"Arn": arn("instance-profile", name)}] if profile else [],
        "RoleLastUsed": {},
        **_policies("RolePolicyList", inline, attached),
        **_bounded(boundary),
        **more,
    }


def group(name, *inline, attached=()):
    return {"Arn": arn("group", name), "GroupName": name, **_policies("GroupPolicyList", inline, attached)}


def _policies(member, inline, attached):
    own = [{"PolicyName": f"inline-{number}", "PolicyDocument": one} for number, one in enumerate(inline)]
    return {member: own, "AttachedManagedPolicies": [{"PolicyName": one, "PolicyArn": one} for one in attached]}


def _bounded(boundary):
    return {"PermissionsBoundary": {"PermissionsBoundaryArn": boundary}} if boundary else {}


def managed(policy_arn, default, *others):
    versions = [{"Document": default, "IsDefaultVersion": True, "VersionId": "v1"}]
    versions += [{"Document": one, "IsDefaultVersion": False, "VersionId": "v2"} for one in others]
    return {"Arn": policy_arn, "PolicyName": policy_arn.rpartition("/")[2], "PolicyVersionList": versions}


def alone(policy_arn, default, **others):
    """Return what is answered about a policy that the list of everything leaves out; v1 is its default version."""
    versions = {"v1": default, **others}
    listed = [{"VersionId": name, "IsDefaultVersion": name == "v1"} for name in versions]
    return {
        f"iam:ListPolicyVersions PolicyArn={policy_arn}": {"Versions": listed},
        **{
            f"iam:GetPolicyVersion PolicyArn={policy_arn} VersionId={name}": one
            if isinstance(one, str)
            else {"PolicyVersion": {"Document": one}}
            for name, one in versions.items()
        },
    }


AWS_ADMIN = managed(ADMIN, EVERYTHING)


def account(*things, policies=(AWS_ADMIN,), **more):
    """Return the answers of an account in no organization.

    Args:
        things: users, groups and roles.
    """
    details = {
        "UserDetailList": [one for one in things if "UserName" in one],
        "GroupDetailList": [one for one in things if "GroupPolicyList" in one],
        "RoleDetailList": [one for one in things if "RoleName" in one],
        "Policies": list(policies),
    }
    return {**ALONE, DETAILS: details, **more}


def guarded(*documents, account=ACCOUNT):
    """Return what the management account is answered: a unit with the account in it, and policies on the unit."""
    path = "organizations:ListAccountsForParent ParentId"
    units = "organizations:ListOrganizationalUnitsForParent ParentId"
    scp = {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}
    ids = ["p-FullAWSAccess", *(f"p-{number}" for number in range(len(documents)))]
    contents = dict(zip(ids, (EVERYTHING, *documents), strict=True))
    targets = {id_: ["ou-1"] for id_ in ids} | {"p-FullAWSAccess": ["r-1", "ou-1", account]}
    return {
        "organizations:ListRoots": {"Roots": [{"Id": "r-1", "Name": "Root", "PolicyTypes": [scp]}]},
        f"{path}=r-1": {"Accounts": [{"Id": MANAGEMENT}]},
        f"{units}=r-1": {"OrganizationalUnits": [{"Id": "ou-1", "Name": "Workloads"}]},
        f"{path}=ou-1": {"Accounts": [{"Id": account}]},
        f"{units}=ou-1": {"OrganizationalUnits": []},
        "organizations:ListPolicies Filter=SERVICE_CONTROL_POLICY": {"Policies": [{"Id": id_} for id_ in ids]},
        **{
            f"organizations:DescribePolicy PolicyId={id_}": {"Policy": {"Content": json.dumps(one)}}
            for id_, one in contents.items()
        },
        **{
            f"organizations:ListTargetsForPolicy PolicyId={id_}": {"Targets": [{"TargetId": one} for one in places]}
            for id_, places in targets.items()
        },
    }


RCP = "RESOURCE_CONTROL_POLICY"


def controlled(*documents, enabled="ENABLED", on=("ou-1",), account=ACCOUNT, **more):
    """Return as `guarded` where resource control policies, and no others, are on *on*."""
    answers = guarded(account=account)
    ids = [f"p-rcp{number}" for number in range(len(documents))]
    policy_type = {"Type": RCP, "Status": enabled}
    answers["organizations:ListRoots"] = {"Roots": [{"Id": "r-1", "Name": "Root", "PolicyTypes": [policy_type]}]}
    answers["organizations:ListAccounts"] = {"Accounts": [{"Id": MANAGEMENT}, {"Id": account}]}
    answers[f"organizations:ListPolicies Filter={RCP}"] = {"Policies": [{"Id": id_} for id_ in ids]}
    for id_, one in zip(ids, documents, strict=True):
        answers[f"organizations:DescribePolicy PolicyId={id_}"] = {"Policy": {"Content": json.dumps(one)}}
        targets = [{"TargetId": place} for place in on]
        answers[f"organizations:ListTargetsForPolicy PolicyId={id_}"] = {"Targets": targets}
    return answers | more


def perimeter(*actions, **condition):
    """Return a resource control policy: nobody does *actions* where *condition* holds."""
    return document(statement(list(actions), effect="Deny", Principal="*", Condition=condition))


def denied(*actions, **condition):
    more = {"Condition": condition} if condition else {}
    return document(statement(list(actions), effect="Deny", **more))
