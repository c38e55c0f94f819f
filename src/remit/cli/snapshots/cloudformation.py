"""CloudFormation templates: IAM's resources, with the functions that name other resources worked out.

Source: AWS CloudFormation User Guide, "AWS::IAM" resource types and "Intrinsic function reference".
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from remit.directory.snapshots import (
    Attached,
    Boundary,
    GroupPart,
    Inline,
    PolicyPart,
    ProfilePart,
    RolePart,
    Snapshot,
    Tag,
    UserPart,
    VersionPart,
)

_SUBSTITUTED = re.compile(r"\$\{([^!}][^}]*)\}")
_NAMES = {
    "AWS::IAM::User": "UserName",
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
}
_INLINE = ("AWS::IAM::Policy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy", "AWS::IAM::RolePolicy")
_IN_ARNS = {
    "AWS::IAM::User": "user",
    "AWS::IAM::Group": "group",
    "AWS::IAM::Role": "role",
    "AWS::IAM::ManagedPolicy": "policy",
    "AWS::IAM::InstanceProfile": "instance-profile",
}
Json = dict[str, Any]


class Unresolvable(Exception):
    """A template says something whose value only a deployment knows; a line for a person."""


class _Template:
    """A template, and what its functions are worth."""

    def __init__(self, template: Json, account: str) -> None:
        self.resources: dict[str, Json] = template["Resources"]
        self._account = account
        parameters: dict[str, Json] = template.get("Parameters", {})
        self._values: dict[str, Any] = {
            "AWS::AccountId": account,
            "AWS::Partition": "aws",
            "AWS::Region": "us-east-1",
            "AWS::StackName": "stack",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::NoValue": None,
        }
        self._values |= {name: one["Default"] for name, one in parameters.items() if "Default" in one}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
        }

    def of(self, *kinds: str) -> list[tuple[str, Json]]:
        """Return the resources of some kinds: logical id and properties, worked out."""
        return [
            (id_, self.worked_out(resource.get("Properties", {})))
            for id_, resource in self.resources.items()
            if resource.get("Type") in kinds
        ]

    def name(self, id_: str) -> str:
        """Return the name of a resource: the one it is given, else its logical id."""
        resource = self.resources[id_]
        given = resource.get("Properties", {}).get(_NAMES[resource["Type"]])
        return id_ if given is None else str(self.worked_out(given))

    def worked_out(self, value: Any) -> Any:
        """Return *value* with what its functions are worth in their place."""
        match value:
            case dict():
                members = cast("Json", value)
                if len(members) == 1:
                    ((name, argument),) = members.items()
                    if name in self._functions:
                        return self._functions[name](argument)
                    if name.startswith("Fn::") or (name == "Condition" and isinstance(argument, str)):
                        raise Unresolvable(f"the template uses {name}, whose value only a deployment knows")
                found = {name: self.worked_out(member) for name, member in members.items()}
                return {name: member for name, member in found.items() if member is not None}
            case list():
                return [self.worked_out(element) for element in cast("list[object]", value)]
            case _:
                return value

    def arn(self, id_: str) -> str:
        """Return the ARN of a resource of IAM."""
        resource = self.resources[id_]
        path = self.worked_out(resource.get("Properties", {}).get("Path", "/"))
        return f"arn:aws:iam::{self._account}:{_IN_ARNS[resource['Type']]}{path}{self.name(id_)}"

    def _ref(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        resource = self.resources.get(name)
        if resource is None:
            raise Unresolvable(f"the template's parameter {name} has no default")
        kind = resource["Type"]
        if kind == "AWS::IAM::ManagedPolicy":
            return self.arn(name)
        if kind in _NAMES:
            return self.name(name)
        raise Unresolvable(f"the template refers to {name}, a resource that is none of IAM")

    def _get_att(self, argument: Any) -> Any:
        id_, _, attribute = argument.partition(".") if isinstance(argument, str) else (argument[0], "", argument[1])
        resource = self.resources.get(id_, {})
        if resource.get("Type") in _IN_ARNS and attribute in ("Arn", "PolicyArn"):
            return self.arn(id_)
        raise Unresolvable(f"the template refers to {id_}.{attribute}, whose value only a deployment knows")

    def _sub(self, argument: Any) -> str:
        text: str = argument if isinstance(argument, str) else argument[0]
        own: Json = {} if isinstance(argument, str) else self.worked_out(argument[1])

        def value(found: re.Match[str]) -> str:
            name = found[1].strip()
            if name in own:
                return str(own[name])
            return str(self._get_att(name) if "." in name and name not in self._values else self._ref(name))

        return _SUBSTITUTED.sub(value, text).replace("${!", "${")

    def _join(self, argument: Any) -> str:
        separator, parts = argument
        return str(separator).join(map(str, self.worked_out(parts)))


def read(template: Json, account: str) -> Snapshot:
    """Read the resources of IAM in a template.

    Raises:
        Unresolvable: a value is known to a deployment only.
    """
    found = _Template(template, account)
    inline: dict[tuple[str, str], list[Inline]] = {}
    attached: dict[tuple[str, str], list[Attached]] = {}
    for id_, properties in found.of(*_INLINE):
        for holder in _holders(properties):
            name = properties.get("PolicyName", id_)
            inline.setdefault(holder, []).append(Inline(policy_name=name, policy_document=properties["PolicyDocument"]))
    for id_, properties in found.of("AWS::IAM::ManagedPolicy"):
        for holder in _holders(properties):
            attached.setdefault(holder, []).append(Attached(policy_arn=found.arn(id_)))
    groups: dict[str, list[str]] = {}
    for _, properties in found.of("AWS::IAM::UserToGroupAddition"):
        for user in properties["Users"]:
            groups.setdefault(user, []).append(properties["GroupName"])
    profiles: dict[str, list[ProfilePart]] = {}
    for id_, properties in found.of("AWS::IAM::InstanceProfile"):
        for role in properties.get("Roles", ()):
            part = ProfilePart(instance_profile_name=found.name(id_), path=properties.get("Path", "/"))
            profiles.setdefault(role, []).append(part)

    def common(kind: str, id_: str, properties: Json) -> Json:
        holder = (kind, found.name(id_))
        arns = [Attached(policy_arn=arn) for arn in properties.get("ManagedPolicyArns", ())]
        return {
            "path": properties.get("Path", "/"),
            "arn": found.arn(id_),
            "attached_managed_policies": (*arns, *attached.get(holder, ())),
            f"{kind}_policy_list": (*_policies(properties), *inline.get(holder, ())),
        }

    return Snapshot(
        user_detail_list=tuple(
            UserPart(
                user_name=found.name(id_),
                group_list=(*properties.get("Groups", ()), *groups.get(found.name(id_), ())),
                permissions_boundary=_boundary(properties),
                tags=_tags(properties),
                **common("user", id_, properties),
            )
            for id_, properties in found.of("AWS::IAM::User")
        ),
        group_detail_list=tuple(
            GroupPart(group_name=found.name(id_), **common("group", id_, properties))
            for id_, properties in found.of("AWS::IAM::Group")
        ),
        role_detail_list=tuple(
            RolePart(
                role_name=found.name(id_),
                assume_role_policy_document=properties["AssumeRolePolicyDocument"],
                instance_profile_list=tuple(profiles.get(found.name(id_), ())),
                permissions_boundary=_boundary(properties),
                tags=_tags(properties),
                **common("role", id_, properties),
            )
            for id_, properties in found.of("AWS::IAM::Role")
        ),
        policies=tuple(
            PolicyPart(
                policy_name=found.name(id_),
                arn=found.arn(id_),
                path=properties.get("Path", "/"),
                description=properties.get("Description"),
                policy_version_list=(VersionPart(document=properties["PolicyDocument"]),),
            )
            for id_, properties in found.of("AWS::IAM::ManagedPolicy")
        ),
    )


def _holders(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for kind in ("User", "Group", "Role"):
        found += [(kind.lower(), name) for name in properties.get(f"{kind}s", ())]
        if f"{kind}Name" in properties:
            found.append((kind.lower(), properties[f"{kind}Name"]))
    return found


def _policies(properties: Mapping[str, Any]) -> list[Inline]:
    return [
        Inline(policy_name=one["PolicyName"], policy_document=one["PolicyDocument"])
        for one in properties.get("Policies", ())
    ]


def _boundary(properties: Mapping[str, Any]) -> Boundary | None:
    arn = properties.get("PermissionsBoundary")
    return None if arn is None else Boundary(permissions_boundary_arn=arn)


def _tags(properties: Mapping[str, Any]) -> tuple[Tag, ...]:
    return tuple(Tag(key=tag["Key"], value=tag["Value"]) for tag in properties.get("Tags", ()))
