"""Roles from templates. Source: `iam-sts` reference, section 14; IAM API reference, AcquireRole."""

from typing import Any

import msgspec

from remit.clock import whole_second
from remit.directory import role_templates as directory
from remit.directory import roles as role_directory
from remit.directory.attachments import attach, policy_by_arn, put_inline
from remit.directory.facts import Noun
from remit.directory.principals import bind_principals
from remit.directory.role_templates import Filled, RoleTemplate, TemplateVersion
from remit.directory.roles import ROLES, Role
from remit.errors import ServiceError
from remit.policy import PolicyType
from remit.request import Call
from remit.services.iam import shapes
from remit.services.iam.boundaries import checked_boundary
from remit.services.iam.documents import accept, accept_trust, encoded
from remit.services.iam.entities import role_extras, role_shape
from remit.services.iam.registry import operation
from remit.services.iam.tag_lists import new_tags
from remit.store import Transaction

_CONFLICT = 409


@operation("GetRoleTemplateVersion")
def get_role_template_version(
    call: Call[shapes.GetRoleTemplateVersionRequest], tx: Transaction
) -> shapes.GetRoleTemplateVersionResponse:
    """Show a version of a template, by default the one that is in force."""
    template = directory.role_template(tx, call.input["TemplateArn"])
    return {"RoleTemplateVersion": _version(template, template.version(call.input.get("MinorVersion")))}


def _version(template: RoleTemplate, version: TemplateVersion) -> shapes.RoleTemplateVersion:
    shape: shapes.RoleTemplateVersion = {
        "TemplateArn": template.arn,
        "TemplateName": template.template_name,
        "MajorVersion": template.major_version,
        "DefaultMinorVersion": template.default_minor_version,
        "ManagedByType": "Service",
        "ManagedByValue": template.managed_by_value,
        "Enabled": template.enabled,
        "MinorVersion": version.minor_version,
        "RoleNamePattern": version.role_name_pattern,
        "RolePathPattern": version.role_path_pattern,
        "AssumeRolePolicyDocumentTemplate": encoded(version.assume_role_policy_document_template),
        "InlinePolicyTemplates": [
            {"PolicyName": one.policy_name, "PolicyDocument": encoded(one.policy_document)}
            for one in version.inline_policy_templates
        ],
        "ManagedPolicyArns": list(version.managed_policy_arns),
        "ParametersDefinition": [_parameter(parameter) for parameter in version.parameters_definition],
        "RoleTagsTemplate": [{"Key": tag.key, "Value": tag.value} for tag in version.role_tags_template],
        "MaxSessionDuration": version.max_session_duration,
        "VersionEnabled": version.version_enabled,
        "CreateTimestamp": whole_second(template.created_at),
        "UpdateTimestamp": whole_second(template.updated_at),
    }
    if template.description:
        shape["Description"] = template.description
    if version.role_description_pattern is not None:
        shape["RoleDescriptionPattern"] = version.role_description_pattern
    if version.permission_boundary_arn:
        shape["PermissionBoundaryArn"] = version.permission_boundary_arn
    return shape


def _parameter(parameter: directory.Parameter) -> shapes.ParameterDefinition:
    shape: shapes.ParameterDefinition = {
        "Name": parameter.name,
        "Type": parameter.type,
        "IsRequired": parameter.is_required,
        "Immutable": parameter.immutable,
    }
    if parameter.sub_type:
        shape["SubType"] = parameter.sub_type
    if parameter.description:
        shape["Description"] = parameter.description
    if parameter.default_value is not None:
        shape["DefaultValue"] = parameter.default_value
    return shape


@operation("AcquireRole")
def acquire_role(call: Call[shapes.AcquireRoleRequest], tx: Transaction) -> shapes.AcquireRoleResponse:
    """Create a role from a template; a role that the same version made, and nobody changed, is given back.

    It has no action of its own: the caller needs what it takes to make the role by hand.
    """
    template = directory.role_template(tx, call.input["TemplateArn"])
    version = template.version(call.input.get("TemplateMinorVersion"))
    if not (template.enabled and version.version_enabled):
        raise ServiceError("RoleTemplateDisabled", f"The role template {template.arn} is disabled.")
    given = {name: entry["Values"] for name, entry in call.input.get("ReplacementValues", {}).items()}
    filled = directory.fill(version, given)
    _require(call, template, filled)
    role = _role(call, tx, template, version, filled)
    shape: shapes.Role = {**role_shape(tx, role), **role_extras(role), "MaxSessionDuration": role.session_seconds_max}
    if role.description is not None:
        shape["Description"] = role.description
    return {"Role": shape}


def _require(call: Call[Any], template: RoleTemplate, filled: Filled) -> None:
    arn = f"arn:{call.partition}:iam::{call.account}:role{filled.path}{filled.name}"
    context: dict[str, Any] = {"iam:RoleTemplateARN": template.arn}
    bounded = context | ({"iam:PermissionsBoundary": filled.boundary} if filled.boundary else {})
    tags = {f"aws:RequestTag/{key}": value for key, value in filled.tags.items()}
    tagged = context | tags | {"aws:TagKeys": tuple(filled.tags)}
    call.require("iam:CreateRole", arn, bounded | (tagged if filled.tags else {}))
    if filled.tags:
        call.require("iam:TagRole", arn, tagged)
    if filled.boundary:
        call.require("iam:PutRolePermissionsBoundary", arn, bounded)
    if filled.inline:
        call.require("iam:PutRolePolicy", arn, bounded)
    for policy in filled.attached:
        call.require("iam:AttachRolePolicy", arn, {**bounded, "iam:PolicyARN": policy})


def _role(call: Call[Any], tx: Transaction, template: RoleTemplate, version: TemplateVersion, filled: Filled) -> Role:
    trust = bind_principals(tx, _accepted_trust(filled.trust), call.partition)
    held = tx.find(ROLES, "name", (call.account, filled.name.lower()))
    if held is None:
        return _made(call, tx, template, version, filled, trust)
    if held.template_arn != template.arn:
        raise ServiceError("NameConflict", f"Role with name {filled.name} already exists.", _CONFLICT)
    wanted = msgspec.structs.replace(
        held,
        path=filled.path,
        trust=trust,
        description=filled.description,
        session_seconds_max=filled.session_seconds_max,
        attached=filled.attached,
        inline=filled.inline,
        boundary=filled.boundary,
        tags=filled.tags,
        template_minor=version.minor_version,
    )
    if held != wanted:
        raise ServiceError(
            "RoleModified", f"Role with name {held.name} is no longer as the role template made it.", _CONFLICT
        )
    return held


def _accepted_trust(document: str) -> str:
    accept_trust(document)
    return document


def _made(
    call: Call[Any], tx: Transaction, template: RoleTemplate, version: TemplateVersion, filled: Filled, trust: str
) -> Role:
    role = role_directory.create_role(
        tx,
        call.account,
        filled.name,
        path=filled.path,
        trust=trust,
        description=filled.description,
        session_seconds_max=filled.session_seconds_max,
        tags=new_tags([{"Key": key, "Value": value} for key, value in filled.tags.items()], fold=True),
        boundary=checked_boundary(call, tx, filled.boundary or None),
        partition=call.partition,
        at=call.at,
    )
    role = msgspec.structs.replace(role, template_arn=template.arn, template_minor=version.minor_version)
    tx.put(ROLES, role)
    for arn in filled.attached:
        policy = policy_by_arn(tx, call.account, arn, Noun.ATTACHABLE_POLICY)
        attach(tx, role_directory.role(tx, call.account, role.name), policy)
    for name, document in filled.inline.items():
        accept(document, PolicyType.INLINE)
        put_inline(tx, role_directory.role(tx, call.account, role.name), name, document)
    return role_directory.role(tx, call.account, role.name)
