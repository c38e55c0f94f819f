"""Which resources an event is about, by type and name, so that it is found by them.

Source: CloudTrail API reference, LookupEvents ("ResourceType", "ResourceName"); `trail-records` reference.
"""

from collections.abc import Mapping
from typing import Any

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
}
# Name of an output's member -> the member in it that is the ARN of what was made.
_MADE = {"User": "AWS::IAM::User", "Group": "AWS::IAM::Group", "Role": "AWS::IAM::Role", "Policy": "AWS::IAM::Policy"}


def named_resources(asked: Mapping[str, Any] | None, given: Mapping[str, Any] | None) -> str:
    """Return a JSON list of [type, name] pairs: what the input names, and what the output shows as made; empty for none."""
    if not asked and not given:
        return ""
    pairs = [(_TYPES[member], value) for member, value in (asked or {}).items() if member in _TYPES]
    for member, kind in _MADE.items():
        made = (given or {}).get(member)
        if isinstance(made, Mapping) and "Arn" in made:
            pairs.append((kind, made["Arn"]))
    key = (given or {}).get("AccessKey")
    if isinstance(key, Mapping):
        pairs.append(("AWS::IAM::AccessKey", key["AccessKeyId"]))
    return msgspec.json.encode(pairs).decode() if pairs else ""
