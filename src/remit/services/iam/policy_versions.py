"""Versions of managed policies. Source: `iam-sts` reference, section 7."""

from remit.directory import policies as directory
from remit.directory.facts import NotFound, Noun
from remit.directory.policies import Policy, PolicyVersion
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.documents import accept_managed, encoded
from remit.services.iam.entities import version_shape
from remit.services.iam.pages import page
from remit.services.iam.policies import own_policy, visible_policy
from remit.services.iam.registry import operation
from remit.store import Transaction


def _version(
    call: Call[shapes.GetPolicyVersionRequest], tx: Transaction, verb: str | None = None
) -> tuple[Policy, PolicyVersion]:
    """Find the version the call names, to look at it or to *verb* it.

    A missing policy is told as a missing version (recorded).
    """
    arn, id_ = call.input["PolicyArn"], call.input["VersionId"]
    try:
        if verb is None:
            policy = visible_policy(call, tx, arn)
        else:
            noun = Noun.POLICY_VERSION if verb == "delete" else Noun.POLICY
            policy = own_policy(call, tx, arn, verb, noun)
    except NotFound:
        raise NotFound(Noun.POLICY_VERSION, id_, within=arn) from None
    return policy, policy.version(id_)


@operation("CreatePolicyVersion")
def create_policy_version(
    call: Call[shapes.CreatePolicyVersionRequest], tx: Transaction
) -> shapes.CreatePolicyVersionResponse:
    """Add a version, and put it in force if asked to."""
    asked = call.input
    accept_managed(asked["PolicyDocument"])
    policy = own_policy(call, tx, asked["PolicyArn"], "update")
    default = asked.get("SetAsDefault", False)
    version = directory.add_version(tx, policy, asked["PolicyDocument"], set_as_default=default, at=call.at)
    shape = version_shape(policy, version)
    shape["IsDefaultVersion"] = default
    return {"PolicyVersion": shape}


@operation("GetPolicyVersion")
def get_policy_version(call: Call[shapes.GetPolicyVersionRequest], tx: Transaction) -> shapes.GetPolicyVersionResponse:
    """Show a version with its document."""
    policy, version = _version(call, tx)
    return {"PolicyVersion": {**version_shape(policy, version), "Document": encoded(version.document)}}


@operation("ListPolicyVersions")
def list_policy_versions(
    call: Call[shapes.ListPolicyVersionsRequest], tx: Transaction
) -> shapes.ListPolicyVersionsResponse:
    """List the versions, newest first, without documents."""
    policy = visible_policy(call, tx, call.input["PolicyArn"])
    newest = sorted(policy.versions, key=_newest_first)
    versions, more = page(call, tx, newest, _newest_first)
    return {"Versions": [version_shape(policy, version) for version in versions], **more}


def _newest_first(version: PolicyVersion) -> str:
    # Pages are cut by keys that grow as text: the higher the number, the smaller the key.
    return f"{10**9 - version.number:09}"


@operation("DeletePolicyVersion")
def delete_policy_version(call: Call[shapes.DeletePolicyVersionRequest], tx: Transaction) -> None:
    """Delete a version that is not in force; its number never comes back."""
    policy, version = _version(call, tx, "delete")
    directory.delete_version(tx, policy, version)


@operation("SetDefaultPolicyVersion")
def set_default_policy_version(call: Call[shapes.SetDefaultPolicyVersionRequest], tx: Transaction) -> None:
    """Put a version in force for everybody the policy is attached to."""
    policy, version = _version(call, tx, "update")
    directory.set_default(tx, policy, version, at=call.at)
