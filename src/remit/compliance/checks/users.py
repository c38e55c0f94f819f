"""People: each has an identity of their own, a second factor, and permissions through groups.

Source: `shared-responsibility` reference, 4 and 5, SR-I2, SR-I4, SR-I6.
"""

from remit.compliance.checks.check import Account, Each, Subject, check
from remit.compliance.checks.findings import Judgement, failed, not_applicable, passed
from remit.compliance.checks.patterns import fits_any
from remit.compliance.checks.seen import Seen

_USERS = Each("iam:ListUsers", "Users", "Arn")
_DETAILS = "iam:GetAccountAuthorizationDetails"
_DETAILED = Each(_DETAILS, "UserDetailList", "Arn")
_PASSWORD = "iam:GetLoginProfile"  # noqa: S105  # an operation
_DEVICES = "iam:ListMFADevices"
_TAGS = "iam:ListUserTags"
_SAML, _OIDC = "iam:ListSAMLProviders", "iam:ListOpenIDConnectProviders"
# Roles that IAM Identity Center makes in the accounts that people of its directory come to.
_IDENTITY_CENTER = "/aws-reserved/sso.amazonaws.com/"


def _has_password(user: str, seen: Seen) -> bool:
    return seen.maybe(_PASSWORD, UserName=user) is not None


def _owner(user: str, seen: Seen) -> str:
    tags = {tag["Key"]: tag["Value"] for tag in seen.items(_TAGS, "Tags", UserName=user)}
    return str(tags.get("Owner", "")).strip()


@check("iam.person.owner", version=1, each=_USERS, reads=(_TAGS,))
def owner(user: Subject, seen: Seen) -> Judgement:
    """It is known whose each user is."""
    name = _owner(user["UserName"], seen)
    return passed(f"belongs to {name}") if name else failed("has no tag Owner: nobody can tell whose it is")


@check("iam.person.shared", version=1, each=_USERS, reads=(_PASSWORD, _TAGS))
def shared(user: Subject, seen: Seen) -> Judgement:
    """No user who signs in is called like a team or a task."""
    name = user["UserName"]
    if not _has_password(name, seen):
        return not_applicable("the user has no password")
    if fits_any(name.lower(), seen.parameters.shared_names):
        return failed(f"signs in, and is called `{name}`, as what several people use is")
    if not _owner(name, seen):
        return failed("signs in, and has no tag Owner: nobody can tell whose it is")
    return passed("signs in, and belongs to one person")


@check("iam.person.federated", version=1, each=Account(), reads=("iam:ListUsers", _PASSWORD, _SAML, _OIDC, _DETAILS))
def federated(_account: Subject, seen: Seen) -> Judgement:
    """People come through an identity provider."""
    users = sorted(user["UserName"] for user in seen.items("iam:ListUsers", "Users"))
    signing_in = [name for name in users if _has_password(name, seen)]
    stray = [name for name in signing_in if name not in seen.parameters.emergency_users]
    if stray:
        more = f" and {len(stray) - 1} more" if len(stray) > 1 else ""
        return failed(f"user {stray[0]}{more} signs in with a password of IAM, and is not for emergencies")
    roles = seen.items(_DETAILS, "RoleDetailList")
    if any(role["Path"].startswith(_IDENTITY_CENTER) for role in roles):
        return passed("people come through IAM Identity Center")
    if seen.items(_SAML, "SAMLProviderList") or seen.items(_OIDC, "OpenIDConnectProviderList"):
        return passed("people come through an identity provider")
    if not signing_in:
        return not_applicable("nobody signs in to this account")
    return failed("there is neither an identity provider nor IAM Identity Center: only users for emergencies sign in")


@check("iam.mfa.users", version=1, each=_USERS, reads=(_PASSWORD, _DEVICES))
def mfa(user: Subject, seen: Seen) -> Judgement:
    """Who signs in with a password needs a second factor."""
    name = user["UserName"]
    if not _has_password(name, seen):
        return not_applicable("the user has no password")
    if seen.items(_DEVICES, "MFADevices", UserName=name):
        return passed("signs in with a second factor")
    return failed("signs in with a password alone")


@check("iam.group.direct", version=1, each=_DETAILED)
def direct(user: Subject, _seen: Seen) -> Judgement:
    """Policies are attached to groups."""
    # IAM leaves the list of inline policies out where there are none.
    policies = (*user.get("UserPolicyList", ()), *user["AttachedManagedPolicies"])
    own = [policy["PolicyName"] for policy in policies]
    if own:
        return failed(f"has policies of its own: {', '.join(sorted(own))}")
    return passed("has no policies of its own")


@check("iam.group.member", version=1, each=_DETAILED)
def member(user: Subject, _seen: Seen) -> Judgement:
    """Every user is in a group."""
    groups = user["GroupList"]
    return passed(f"is in {', '.join(sorted(groups))}") if groups else failed("is in no group")
