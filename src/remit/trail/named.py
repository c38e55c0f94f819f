"""Which resources an event is about, by type and name, so that it is found by them.

Source: CloudTrail API reference, LookupEvents ("ResourceType", "ResourceName"); `trail-records` reference.
"""

from collections.abc import Mapping
from typing import Any, cast

import msgspec

# Member of an input -> the type of what it names. An ARN's own account may be another one.
_TYPES = {
    "UserName": "AWS::IAM::User",
    "GroupName": "AWS::IAM::Group",
    "RoleName": "AWS::IAM::Role",
    "RoleArn": "AWS::IAM::Role",
    "PolicyArn": "AWS::IAM::Policy",
    "PolicyName": "AWS::IAM::Policy",
    "AccessKeyId": "AWS::IAM::AccessKey",
    "InstanceProfileName": "AWS::IAM::InstanceProfile",
    "SerialNumber": "AWS::IAM::MfaDevice",
    "ServerCertificateName": "AWS::IAM::ServerCertificate",
    "CertificateId": "AWS::IAM::SigningCertificate",
    "SSHPublicKeyId": "AWS::IAM::SshPublicKey",
    "SAMLProviderArn": "AWS::IAM::SAMLProvider",
    "OpenIDConnectProviderArn": "AWS::IAM::OpenIDConnectProvider",
    "AccountAlias": "AWS::IAM::AccountAlias",
}
# Member of an output that shows what was made -> its type, and the member in it that names it.
_MADE = {
    "User": ("AWS::IAM::User", "Arn"),
    "Group": ("AWS::IAM::Group", "Arn"),
    "Role": ("AWS::IAM::Role", "Arn"),
    "Policy": ("AWS::IAM::Policy", "Arn"),
    "AccessKey": ("AWS::IAM::AccessKey", "AccessKeyId"),
    "InstanceProfile": ("AWS::IAM::InstanceProfile", "Arn"),
    "VirtualMFADevice": ("AWS::IAM::MfaDevice", "SerialNumber"),
    "Certificate": ("AWS::IAM::SigningCertificate", "CertificateId"),
    "SSHPublicKey": ("AWS::IAM::SshPublicKey", "SSHPublicKeyId"),
}


def named_resources(asked: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> str:
    """Return a JSON list of [type, name] pairs: what the input names, and what the output shows as made.

    Empty for none.
    """
    if not asked and not given:
        return ""
    pairs = [(_TYPES[member], value) for member, value in (asked or {}).items() if member in _TYPES]
    for member, (kind, named_by) in _MADE.items():
        made = cast("Mapping[str, str] | None", (given or {}).get(member))
        if made is not None and named_by in made:
            pairs.append((kind, made[named_by]))
    return msgspec.json.encode(pairs).decode() if pairs else ""
