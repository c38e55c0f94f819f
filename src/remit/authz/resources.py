"""Which resource a call acts on, found in its input, and what AWS's messages call it.

IAM does not say whether the entity exists: for a missing one the ARN is made of what the request said.
Source: `iam-sts` reference, sections 3.2 and 4; `policy-evaluation` reference, R1 and R2.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from remit.arn import Arn
from remit.authz.artifact_resources import ARTIFACT_FINDERS
from remit.authz.billing_resources import BILLING_FINDERS
from remit.authz.organization_resources import ORGANIZATION_FINDERS
from remit.authz.signin_resources import oauth_client, oauth_resource, oauth_token
from remit.authz.targets import Asked, Target, nothing, own, tag_keys
from remit.directory.access_keys import ACCESS_KEYS
from remit.directory.account_properties import account_properties
from remit.directory.aws_managed import is_aws_managed
from remit.directory.by_arn import holder_by_arn
from remit.directory.delegation import DELEGATION_REQUESTS
from remit.directory.groups import GROUPS
from remit.directory.instance_profiles import INSTANCE_PROFILES
from remit.directory.mfa_devices import MFA_DEVICES
from remit.directory.oidc_providers import OidcProvider, find_oidc_provider
from remit.directory.organizations import organization_of
from remit.directory.organizations.members import find_member, membership_of
from remit.directory.organizations.tree import path_to
from remit.directory.policies import POLICIES
from remit.directory.roles import ROLES, SERVICE_LINKED_PATH, Role
from remit.directory.saml_providers import SAML_PROVIDERS, SamlProvider
from remit.directory.server_certificates import SERVER_CERTIFICATES
from remit.directory.service_credentials import SERVICE_CREDENTIALS
from remit.directory.service_linked_roles import linked_role_name, role_of_task
from remit.directory.users import USERS, User
from remit.policy import ContextValue, Resource, ResourceKind
from remit.request import Caller
from remit.store import Kind, Transaction


def find(asked: Asked, finder: str, shown: str = "") -> Target:
    """Find what a call acts on.

    Args:
        finder: a key of `FINDERS`, or empty for an action without resource types.
        shown: what messages print instead, with members of the input in braces.
    """
    target = FINDERS[finder](asked) if finder else nothing(asked)
    if not shown:
        return target
    words = {"PathPrefix": "/", **asked.input, "partition": asked.partition, "account": asked.caller.account}
    return msgspec.structs.replace(target, shown=shown.format_map(words))


def _user(asked: Asked) -> Target:
    name: str | None = asked.input.get("UserName")
    if name is None:
        return _caller(asked)
    return _named_user(asked, name, asked.tx.find(USERS, "name", (asked.caller.account, name.lower())))


def _named_user(asked: Asked, name: str, user: User | None) -> Target:
    return own(asked, asked.arn(f"user/{name}") if user is None else user.arn, f"user {name}", user)


def _caller(asked: Asked) -> Target:
    """Operations on users that name none are about who signed."""
    caller = asked.caller
    user = asked.tx.get(USERS, caller.entity_id)
    return _named_user(asked, user.name, user) if user is not None else own(asked, caller.arn, caller.arn)


def _key_owner(asked: Asked) -> Target:
    id_: str = asked.input["AccessKeyId"]
    key = asked.tx.get(ACCESS_KEYS, id_)
    owner = None if key is None or key.account != asked.caller.account else asked.tx.get(USERS, key.owner)
    return own(asked, asked.arn("user/*") if owner is None else owner.arn, f"access key {id_}", owner)


def _group(asked: Asked) -> Target:
    name: str = asked.input["GroupName"]
    group = asked.tx.find(GROUPS, "name", (asked.caller.account, name.lower()))
    return own(asked, asked.arn(f"group/{name}") if group is None else group.arn, f"group {name}")


def _role(asked: Asked) -> Target:
    name: str = asked.input["RoleName"]
    role = asked.tx.find(ROLES, "name", (asked.caller.account, name.lower()))
    return own(asked, asked.arn(f"role/{name}") if role is None else role.arn, f"role {name}", role)


def _new_service_linked_role(asked: Asked) -> Target:
    service: str = asked.input["AWSServiceName"]
    name = linked_role_name(service, asked.input.get("CustomSuffix", ""))
    arn = asked.arn(f"role{SERVICE_LINKED_PATH}{service}/{name}")
    return own(asked, arn, arn)


def _role_of_task(asked: Asked) -> Target:
    arn = asked.arn(f"role{role_of_task(asked.input['DeletionTaskId']) or '/*'}")
    return own(asked, arn, arn)


def _by_arn(asked: Asked) -> Target:
    """The user, group, role or policy with the ARN that the call names."""
    arn: str = asked.input["Arn"]
    return _policy_with(asked, arn, arn) if ":policy/" in arn else named(asked.tx, asked.caller, arn)


def _delegation_request(asked: Asked) -> Target:
    """The request that a call names by id or ARN; one that the caller may not see looks like one that is not there."""
    id_: str = asked.input.get("DelegationRequestId") or asked.input["EntityArn"].rpartition("/")[2]
    request = asked.tx.get(DELEGATION_REQUESTS, id_)
    if request is None or not request.may_be_seen_by(asked.caller.account):
        arn = asked.arn(f"delegation-request/{id_}")
        return own(asked, arn, arn)
    arn = request.arn(asked.caller.account, asked.partition)
    target = own(asked, arn, arn)
    return msgspec.structs.replace(target, policy=request.policy_of_its_own(), owner=request.owner)


def _new_delegation_request(asked: Asked) -> Target:
    account = asked.input.get("OwnerAccountId", asked.caller.account)
    arn = f"arn:{asked.partition}:iam::{account}:delegation-request/*"
    return own(asked, arn, arn)


def _role_template(asked: Asked) -> Target:
    arn: str = asked.input["TemplateArn"]
    return own(asked, arn, arn)


def _access_report(asked: Asked) -> Target:
    arn = asked.arn(f"access-report/{asked.input['EntityPath']}")
    return own(asked, arn, arn)


def _instance_profile(asked: Asked) -> Target:
    name: str = asked.input["InstanceProfileName"]
    profile = asked.tx.find(INSTANCE_PROFILES, "name", (asked.caller.account, name.lower()))
    arn = asked.arn(f"instance-profile/{name}") if profile is None else profile.arn
    return own(asked, arn, f"instance profile {name}", profile)


def _policy(asked: Asked) -> Target:
    arn: str = asked.input["PolicyArn"]
    return _policy_with(asked, arn, f"policy {arn}")


def _policy_with(asked: Asked, arn: str, shown: str) -> Target:
    policy = None if is_aws_managed(arn) else asked.tx.find(POLICIES, "arn", arn)
    seen = policy if policy is not None and policy.account == asked.caller.account else None
    return own(asked, arn, shown, seen)


def _mfa_device(asked: Asked) -> Target:
    serial: str = asked.input["SerialNumber"]
    device = asked.tx.find(MFA_DEVICES, "serial", serial)
    seen = device if device is not None and device.account == asked.caller.account else None
    return own(asked, serial if serial.startswith("arn:") else asked.arn(f"mfa/{serial}"), serial, seen)


def _credential_users(asked: Asked) -> Target:
    if asked.input.get("AllUsers", False):
        return own(asked, asked.arn("user/*"), "user *")
    return _user(asked)


def _credential_user(asked: Asked) -> Target:
    """The user who has a service-specific credential; its service is told even where the input does not name it."""
    credential = asked.tx.get(SERVICE_CREDENTIALS, asked.input["ServiceSpecificCredentialId"])
    target = _user(asked)
    if credential is None or credential.account != asked.caller.account:
        return target
    return msgspec.structs.replace(target, keys={"iam:ServiceSpecificCredentialServiceName": credential.service})


def _server_certificate(asked: Asked) -> Target:
    name: str = asked.input["ServerCertificateName"]
    found = asked.tx.find(SERVER_CERTIFICATES, "name", (asked.caller.account, name))
    arn = asked.arn(f"server-certificate/{name}") if found is None else found.arn
    return own(asked, arn, f"server certificate {name}", found)


def _new(kind: str, parameter: str) -> Callable[[Asked], Target]:
    def finder(asked: Asked) -> Target:
        arn = asked.arn(f"{kind}{asked.input.get('Path', '/')}{asked.input[parameter]}")
        return own(asked, arn, arn)

    return finder


def _new_policy(asked: Asked) -> Target:
    name: str = asked.input["PolicyName"]
    return own(asked, asked.arn(f"policy{asked.input.get('Path', '/')}{name}"), f"policy {name}")


def _oidc_provider(asked: Asked) -> Target:
    arn: str = asked.input["OpenIDConnectProviderArn"]
    url = arn.partition(":oidc-provider/")[2]
    return own(asked, arn, arn, _seen(arn, find_oidc_provider(asked.tx, asked.caller.account, url)))


def _saml_provider(asked: Asked) -> Target:
    arn: str = asked.input["SAMLProviderArn"]
    name = arn.partition(":saml-provider/")[2].lower()
    return own(asked, arn, arn, _seen(arn, asked.tx.find(SAML_PROVIDERS, "name", (asked.caller.account, name))))


def _seen(arn: str, found: OidcProvider | SamlProvider | None) -> OidcProvider | SamlProvider | None:
    return found if found is not None and found.arn == arn else None


def _new_oidc_provider(asked: Asked) -> Target:
    arn = asked.arn(f"oidc-provider/{asked.input['Url'].removeprefix('https://')}")
    return own(asked, arn, arn)


def _new_saml_provider(asked: Asked) -> Target:
    arn = asked.arn(f"saml-provider/{asked.input['Name']}")
    return own(asked, arn, arn)


def named(tx: Transaction, caller: Caller, text: str) -> Target:
    """Return the target that an ARN or `*` names; what has no owner of its own counts as the caller's."""
    entity = holder_by_arn(tx, text)
    return Target(
        resource=Resource(arn=text, account=_owner(text) or caller.account),
        shown=text,
        tags=getattr(entity, "tags", {}),
        tag_keys=tag_keys(entity),
        boundary=getattr(entity, "boundary", ""),
    )


def _owner(text: str) -> str:
    try:
        return Arn.parse(text).account
    except ValueError:
        return ""


def assumed(tx: Transaction, caller: Caller, text: str) -> Target:
    """Return the role to assume, of whatever account: one that is not there looks like one that trusts nobody."""
    target = named(tx, caller, text)
    role = holder_by_arn(tx, text)
    return msgspec.structs.replace(
        target,
        resource=msgspec.structs.replace(target.resource, kind=ResourceKind.ROLE),
        role=role if isinstance(role, Role) else None,
    )


def _role_arn(asked: Asked) -> Target:
    return assumed(asked.tx, asked.caller, asked.input["RoleArn"])


def _federated_user(asked: Asked) -> Target:
    arn = f"arn:{asked.partition}:sts::{asked.caller.account}:federated-user/{asked.input['Name']}"
    return own(asked, arn, arn)


def _root_user(asked: Asked) -> Target:
    """The root user of the account that an id, or the ARN itself, names."""
    target: str = asked.input["TargetPrincipal"]
    account = _owner(target) or target
    arn = f"arn:{asked.partition}:iam::{account}:root"
    return Target(resource=Resource(arn=arn, account=asked.caller.account), shown=arn)


def _account(asked: Asked) -> Target:
    """The caller's own account, or the member account that the call names: then a thing of the organization."""
    account = asked.caller.account
    named = asked.input.get("AccountId") or asked.input.get("StandardAccountId")
    organization = None if named is None else organization_of(asked.tx, account)
    member = None if organization is None else find_member(asked.tx, organization, str(named))
    if organization is None or member is None:
        arn = f"arn:{asked.partition}:account::{named or account}:account"
        return own(asked, arn, arn)
    arn = f"arn:{asked.partition}:account::{organization.account}:account/{organization.id}/{named}"
    membership = membership_of(member)
    return Target(
        resource=Resource(arn=arn, account=account),
        shown=arn,
        tags=membership.tags,
        tag_keys=("account:AccountResourceOrgTags",),
        keys={"account:AccountResourceOrgPaths": (path_to(asked.tx, organization, membership.parent),)},
    )


def _policy_source(asked: Asked) -> Target:
    """The user, group or role whose policies are simulated, which is found by its name, whatever path is written."""
    text: str = asked.input["PolicySourceArn"]
    target = named(asked.tx, asked.caller, text)
    if target.resource.account != asked.caller.account:
        return target
    kind, _, path_and_name = text.split(":", 5)[-1].partition("/")
    name = path_and_name.rsplit("/", 1)[-1]
    find_by_name = _BY_NAME.get(kind)
    found = None if find_by_name is None else find_by_name(asked, name)
    return target if found is None else msgspec.structs.replace(found, shown=text)


def _named_holder(kind: Kind[Any]) -> Callable[[Asked, str], Target | None]:
    def find_by_name(asked: Asked, name: str) -> Target | None:
        entity: Any = asked.tx.find(kind, "name", (asked.caller.account, name.lower()))
        return None if entity is None else own(asked, entity.arn, entity.arn, entity)

    return find_by_name


_BY_NAME = {"user": _named_holder(USERS), "group": _named_holder(GROUPS), "role": _named_holder(ROLES)}


def _account_properties(asked: Asked) -> Target:
    """No resource, but the namespaces of all properties that would be shown."""
    properties = account_properties(asked.tx, asked.caller.account)
    namespaces = tuple({key.partition("/")[0]: None for key in properties})
    keys: Mapping[str, ContextValue] = {"iam:AccountPropertyNamespaces": namespaces} if namespaces else {}
    return msgspec.structs.replace(nothing(asked), keys=keys)


FINDERS: dict[str, Callable[[Asked], Target]] = {
    "user": _user,
    "key-owner": _key_owner,
    "group": _group,
    "role": _role,
    "policy": _policy,
    "instance-profile": _instance_profile,
    "mfa": _mfa_device,
    "new-mfa": _new("mfa", "VirtualMFADeviceName"),
    "credential-user": _credential_user,
    "credential-users": _credential_users,
    "server-certificate": _server_certificate,
    "new-server-certificate": _new("server-certificate", "ServerCertificateName"),
    "new-user": _new("user", "UserName"),
    "new-group": _new("group", "GroupName"),
    "new-role": _new("role", "RoleName"),
    "new-policy": _new_policy,
    "new-service-linked-role": _new_service_linked_role,
    "deletion-task": _role_of_task,
    "by-arn": _by_arn,
    "access-report": _access_report,
    "role-template": _role_template,
    "delegation-request": _delegation_request,
    "new-delegation-request": _new_delegation_request,
    "new-instance-profile": _new("instance-profile", "InstanceProfileName"),
    "oidc-provider": _oidc_provider,
    "saml-provider": _saml_provider,
    "new-oidc-provider": _new_oidc_provider,
    "new-saml-provider": _new_saml_provider,
    "federated-user": _federated_user,
    "oauth-client": oauth_client,
    "oauth-resource": oauth_resource,
    "oauth-token": oauth_token,
    "root-user": _root_user,
    "role-arn": _role_arn,
    "policy-source": _policy_source,
    "account": _account,
    "account-properties": _account_properties,
    "accountInOrganization": _account,
    **ORGANIZATION_FINDERS,
    **ARTIFACT_FINDERS,
    **BILLING_FINDERS,
}
