"""Which format a file has, and what it says.

AuthorizationDetails   what `aws iam get-account-authorization-details` writes, all pages of it
credential report      the CSV of GetCredentialReport: users, and nothing that they may do
CloudFormation         a template in JSON or YAML; IAM's resources in it
Terraform              `terraform show -json` of a plan or a state; IAM's resources in it
"""

import json
from typing import Any, cast

import msgspec

from remit.cli.snapshots import cloudformation, credential_report, terraform, yaml_templates
from remit.directory.snapshots import Snapshot
from remit.yaml_files import FileUnreadable


class FormatUnknown(Exception):
    """The file is in none of the formats, or says something that cannot be carried over; a line for a person."""


def read(content: bytes, account: str) -> Snapshot:
    """Read a file.

    Args:
        account: that the snapshot is for: what `AWS::AccountId` stands for.

    Raises:
        FormatUnknown: it cannot be read.
    """
    text = content.decode("utf-8-sig", errors="replace")
    if text.startswith("user,arn,"):
        return credential_report.read(text)
    value = _value(text)
    try:
        return _read(value, account)
    except (cloudformation.Unresolvable, terraform.Unresolvable) as error:
        raise FormatUnknown(str(error)) from None
    except msgspec.ValidationError as error:
        raise FormatUnknown(f"a member is not as AWS has it: {error}") from None


def _value(text: str) -> Any:
    """Return what a text in JSON, or a template in YAML, says."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise FormatUnknown("neither JSON nor a credential report") from None
    try:
        value = yaml_templates.load(text)
    except FileUnreadable as error:
        raise FormatUnknown(f"neither JSON nor a credential report, nor a CloudFormation template: {error}") from None
    if not isinstance(value, dict) or "Resources" not in value:
        raise FormatUnknown("neither JSON nor a credential report, nor a CloudFormation template in YAML")
    return cast("dict[str, Any]", value)


def _read(value: dict[str, Any], account: str) -> Snapshot:
    if not isinstance(value, dict):  # pyright: ignore[reportUnnecessaryIsInstance]  # what a file says is anything
        raise FormatUnknown("the JSON is no object")
    if "planned_values" in value or "values" in value:
        return terraform.read(value, account)
    if "Resources" in value:
        return cloudformation.read(value, account)
    if {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"} & value.keys():
        return msgspec.convert(value, Snapshot)
    raise FormatUnknown(
        "the JSON is neither of `aws iam get-account-authorization-details`, nor a CloudFormation template, "
        "nor of `terraform show -json`"
    )
