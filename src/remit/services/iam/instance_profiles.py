"""Instance profiles and the role in each. Source: `iam-sts` reference, sections 1.2, 3.4, 4, 6 and 16."""

from collections.abc import Sequence
from typing import Any

from remit.directory import instance_profiles as directory
from remit.directory import roles as role_directory
from remit.directory.instance_profiles import InstanceProfile
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import instance_profile_shape, name_key, tag_list
from remit.services.iam.pages import page, with_prefix
from remit.services.iam.protected_roles import changeable_role
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def _named(call: Call[Any], tx: Transaction) -> InstanceProfile:
    return directory.instance_profile(tx, call.account, call.input["InstanceProfileName"])


@operation("CreateInstanceProfile")
def create_instance_profile(
    call: Call[shapes.CreateInstanceProfileRequest], tx: Transaction
) -> shapes.CreateInstanceProfileResponse:
    """Create an instance profile without a role."""
    tags = new_tags(call.input.get("Tags", []), fold=True)
    profile = directory.create_instance_profile(
        tx,
        call.account,
        call.input["InstanceProfileName"],
        path=call.input.get("Path", "/"),
        tags=tags,
        partition=call.partition,
        at=call.at,
    )
    shape = instance_profile_shape(tx, profile)
    if tags:
        shape["Tags"] = tag_list(profile.tags)
    return {"InstanceProfile": shape}


@operation("GetInstanceProfile")
def get_instance_profile(
    call: Call[shapes.GetInstanceProfileRequest], tx: Transaction
) -> shapes.GetInstanceProfileResponse:
    """Show an instance profile, with its tags even when there are none (recorded)."""
    profile = _named(call, tx)
    shape: shapes.InstanceProfile = {**instance_profile_shape(tx, profile), "Tags": tag_list(profile.tags)}
    return {"InstanceProfile": shape}


def _listed(call: Call[Any], tx: Transaction, found: Sequence[InstanceProfile]) -> dict[str, Any]:
    profiles, more = page(call, tx, found, name_key)
    return {"InstanceProfiles": [instance_profile_shape(tx, profile) for profile in profiles], **more}


@operation("ListInstanceProfiles")
def list_instance_profiles(call: Call[shapes.ListInstanceProfilesRequest], tx: Transaction) -> dict[str, Any]:
    """List the instance profiles below a path, without tags."""
    found = with_prefix(call, directory.instance_profiles(tx, call.account), lambda profile: profile.path)
    return _listed(call, tx, found)


@operation("ListInstanceProfilesForRole")
def list_instance_profiles_for_role(
    call: Call[shapes.ListInstanceProfilesForRoleRequest], tx: Transaction
) -> dict[str, Any]:
    """List the instance profiles that a role is in."""
    role = role_directory.role(tx, call.account, call.input["RoleName"])
    return _listed(call, tx, directory.instance_profiles_of(tx, role.id))


@operation("AddRoleToInstanceProfile")
def add_role_to_instance_profile(call: Call[shapes.AddRoleToInstanceProfileRequest], tx: Transaction) -> None:
    """Put a role into an instance profile, which passes it to EC2. The profile is looked up first (recorded)."""
    profile = _named(call, tx)
    role = changeable_role(call, tx)
    call.require("iam:PassRole", role.arn, {"iam:PassedToService": "ec2.amazonaws.com"})
    directory.put_role(tx, profile, role.id)


@operation("RemoveRoleFromInstanceProfile")
def remove_role_from_instance_profile(call: Call[shapes.RemoveRoleFromInstanceProfileRequest], tx: Transaction) -> None:
    """Take the role out of an instance profile."""
    profile = _named(call, tx)
    role = changeable_role(call, tx)
    directory.take_role(tx, profile, role.id, role.name)


@operation("DeleteInstanceProfile")
def delete_instance_profile(call: Call[shapes.DeleteInstanceProfileRequest], tx: Transaction) -> None:
    """Delete an instance profile that has no role."""
    directory.delete_instance_profile(tx, _named(call, tx))
