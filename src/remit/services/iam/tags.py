"""Tags of IAM's entities. Source: `iam-sts` reference, sections 5, 7 and 17."""

from typing import Any

import msgspec

from remit.directory import instance_profiles as instance_profile_directory
from remit.directory import roles as role_directory
from remit.directory import users as user_directory
from remit.directory.attachments import put_tags
from remit.directory.mfa_devices import MFA_DEVICES, mfa_device
from remit.directory.policies import POLICIES
from remit.directory.server_certificates import SERVER_CERTIFICATES, server_certificate
from remit.directory.tags import tagged, untagged
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.entities import tag_list
from remit.services.iam.pages import page
from remit.services.iam.policies import own_policy, visible_policy
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction


def _tag_key(tag: shapes.Tag) -> str:
    return tag["Key"]


def page_of_tags(call: Call[Any], tx: Transaction, tags: dict[str, str]) -> dict[str, object]:
    """Answer with the page of *tags* that *call* asks for, by key."""
    shown, more = page(call, tx, sorted(tag_list(tags), key=_tag_key), _tag_key)
    return {"Tags": shown, **more}


@operation("TagUser")
def tag_user(call: Call[shapes.TagUserRequest], tx: Transaction) -> None:
    """Put tags on a user."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    put_tags(tx, user, tagged(user.tags, new_tags(call.input["Tags"], fold=True), fold=True))


@operation("UntagUser")
def untag_user(call: Call[shapes.UntagUserRequest], tx: Transaction) -> None:
    """Take tags off a user."""
    user = user_directory.user(tx, call.account, call.input["UserName"])
    put_tags(tx, user, untagged(user.tags, call.input["TagKeys"], fold=True))


@operation("ListUserTags")
def list_user_tags(call: Call[shapes.ListUserTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of a user."""
    return page_of_tags(call, tx, user_directory.user(tx, call.account, call.input["UserName"]).tags)


@operation("TagRole")
def tag_role(call: Call[shapes.TagRoleRequest], tx: Transaction) -> None:
    """Put tags on a role."""
    role = role_directory.role(tx, call.account, call.input["RoleName"])
    put_tags(tx, role, tagged(role.tags, new_tags(call.input["Tags"], fold=True), fold=True))


@operation("UntagRole")
def untag_role(call: Call[shapes.UntagRoleRequest], tx: Transaction) -> None:
    """Take tags off a role."""
    role = role_directory.role(tx, call.account, call.input["RoleName"])
    put_tags(tx, role, untagged(role.tags, call.input["TagKeys"], fold=True))


@operation("ListRoleTags")
def list_role_tags(call: Call[shapes.ListRoleTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of a role."""
    return page_of_tags(call, tx, role_directory.role(tx, call.account, call.input["RoleName"]).tags)


@operation("TagPolicy")
def tag_policy(call: Call[shapes.TagPolicyRequest], tx: Transaction) -> None:
    """Put tags on a customer managed policy."""
    policy = own_policy(call, tx, call.input["PolicyArn"], "update")
    tags = tagged(policy.tags, new_tags(call.input["Tags"], fold=False), fold=False)
    tx.put(POLICIES, msgspec.structs.replace(policy, tags=tags))


@operation("UntagPolicy")
def untag_policy(call: Call[shapes.UntagPolicyRequest], tx: Transaction) -> None:
    """Take tags off a customer managed policy."""
    policy = own_policy(call, tx, call.input["PolicyArn"], "update")
    tx.put(POLICIES, msgspec.structs.replace(policy, tags=untagged(policy.tags, call.input["TagKeys"], fold=False)))


@operation("ListPolicyTags")
def list_policy_tags(call: Call[shapes.ListPolicyTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of a customer managed policy."""
    return page_of_tags(call, tx, visible_policy(call, tx, call.input["PolicyArn"]).tags)


@operation("TagInstanceProfile")
def tag_instance_profile(call: Call[shapes.TagInstanceProfileRequest], tx: Transaction) -> None:
    """Put tags on an instance profile."""
    profile = instance_profile_directory.instance_profile(tx, call.account, call.input["InstanceProfileName"])
    tags = tagged(profile.tags, new_tags(call.input["Tags"], fold=True), fold=True)
    instance_profile_directory.put_profile_tags(tx, profile, tags)


@operation("UntagInstanceProfile")
def untag_instance_profile(call: Call[shapes.UntagInstanceProfileRequest], tx: Transaction) -> None:
    """Take tags off an instance profile."""
    profile = instance_profile_directory.instance_profile(tx, call.account, call.input["InstanceProfileName"])
    instance_profile_directory.put_profile_tags(tx, profile, untagged(profile.tags, call.input["TagKeys"], fold=True))


@operation("ListInstanceProfileTags")
def list_instance_profile_tags(call: Call[shapes.ListInstanceProfileTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of an instance profile."""
    profile = instance_profile_directory.instance_profile(tx, call.account, call.input["InstanceProfileName"])
    return page_of_tags(call, tx, profile.tags)


@operation("TagMFADevice")
def tag_mfa_device(call: Call[shapes.TagMFADeviceRequest], tx: Transaction) -> None:
    """Put tags on an MFA device."""
    device = mfa_device(tx, call.account, call.input["SerialNumber"])
    tags = tagged(device.tags, new_tags(call.input["Tags"], fold=True), fold=True)
    tx.put(MFA_DEVICES, msgspec.structs.replace(device, tags=tags))


@operation("UntagMFADevice")
def untag_mfa_device(call: Call[shapes.UntagMFADeviceRequest], tx: Transaction) -> None:
    """Take tags off an MFA device."""
    device = mfa_device(tx, call.account, call.input["SerialNumber"])
    tx.put(MFA_DEVICES, msgspec.structs.replace(device, tags=untagged(device.tags, call.input["TagKeys"], fold=True)))


@operation("ListMFADeviceTags")
def list_mfa_device_tags(call: Call[shapes.ListMFADeviceTagsRequest], tx: Transaction) -> dict[str, object]:
    """List the tags of an MFA device."""
    return page_of_tags(call, tx, mfa_device(tx, call.account, call.input["SerialNumber"]).tags)


@operation("TagServerCertificate")
def tag_server_certificate(call: Call[shapes.TagServerCertificateRequest], tx: Transaction) -> None:
    """Put tags on a server certificate."""
    found = server_certificate(tx, call.account, call.input["ServerCertificateName"])
    tags = tagged(found.tags, new_tags(call.input["Tags"], fold=True), fold=True)
    tx.put(SERVER_CERTIFICATES, msgspec.structs.replace(found, tags=tags))


@operation("UntagServerCertificate")
def untag_server_certificate(call: Call[shapes.UntagServerCertificateRequest], tx: Transaction) -> None:
    """Take tags off a server certificate."""
    found = server_certificate(tx, call.account, call.input["ServerCertificateName"])
    tags = untagged(found.tags, call.input["TagKeys"], fold=True)
    tx.put(SERVER_CERTIFICATES, msgspec.structs.replace(found, tags=tags))


@operation("ListServerCertificateTags")
def list_server_certificate_tags(
    call: Call[shapes.ListServerCertificateTagsRequest], tx: Transaction
) -> dict[str, object]:
    """List the tags of a server certificate."""
    return page_of_tags(call, tx, server_certificate(tx, call.account, call.input["ServerCertificateName"]).tags)
