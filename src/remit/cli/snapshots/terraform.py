"""Terraform: plans and states as `terraform show -json` writes them, and configurations in JSON.

A plan does not know the ARN of what it will make; which resource an argument refers to stands in its configuration.
Source: Terraform documentation, "JSON Output Format" and "JSON Configuration Syntax"; provider `aws`, IAM resources.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from remit.directory.snapshots import (
    Attached,
    Boundary,
    Document,
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

Json = dict[str, Any]
_INDEX = re.compile(r"\[[^\]]*\]")
_NAME = re.compile(r"[^A-Za-z0-9_-]")
_HOLDERS = ("user", "group", "role")


class Unresolvable(Exception):
    """A plan says something whose value is known after it is applied; a line for a person."""


class _Resources:
    """The resources of a plan or state, and what their arguments refer to."""

    def __init__(self, shown: Json, account: str) -> None:
        self._account = account
        root: Json = (shown.get("planned_values") or shown["values"])["root_module"]
        self._all = list(_modules(root))
        self._arguments = dict(_arguments(shown.get("configuration", {}).get("root_module", {}), ""))

    def of(self, kind: str) -> list[Json]:
        """Return the values of all resources of a kind, references filled in."""
        return [self._known(one) for one in self._all if one["type"] == kind and one.get("mode") != "data"]

    def _known(self, resource: Json) -> Json:
        values: Json = {name: value for name, value in resource["values"].items() if value is not None}
        address = _INDEX.sub("", resource["address"])
        for argument, expression in self._arguments.get(address, {}).items():
            if argument not in values and (references := expression.get("references")):
                values[argument] = self._referred(address, argument, references[0])
        return values

    def _referred(self, address: str, argument: str, reference: str) -> str:
        module = address.rpartition(".")[0].rpartition(".")[0]
        kind, name, attribute = (*reference.split("."), "", "")[:3]
        wanted = f"{module}.{kind}.{name}" if module else f"{kind}.{name}"
        for resource in self._all:
            if _INDEX.sub("", resource["address"]) == _INDEX.sub("", wanted):
                values: Json = resource["values"]
                known = values.get(attribute)
                return str(known) if known is not None else self._made(kind, values, attribute)
        raise Unresolvable(f"{address}: the value of {argument} is known after the plan is applied only")

    def _made(self, kind: str, values: Json, attribute: str) -> str:
        short = kind.removeprefix("aws_iam_").replace("_", "-")
        if attribute == "arn":
            return f"arn:aws:iam::{self._account}:{short}{values.get('path') or '/'}{values['name']}"
        return str(values["name"])


def _modules(module: Json) -> Iterator[Json]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _modules(child)


def _arguments(module: Json, prefix: str) -> Iterator[tuple[str, Json]]:
    for resource in module.get("resources", ()):
        yield f"{prefix}{resource['type']}.{resource['name']}", resource.get("expressions", {})
    for name, call in module.get("module_calls", {}).items():
        yield from _arguments(call.get("module", {}), f"{prefix}module.{name}.")


def read(shown: Json, account: str) -> Snapshot:
    """Read the resources of IAM in what `terraform show -json` wrote.

    Raises:
        Unresolvable: a value is not known yet.
    """
    resources = _Resources(shown, account)
    held: dict[str, dict[str, Json]] = {kind: {} for kind in _HOLDERS}
    for kind, by_name in held.items():
        for values in resources.of(f"aws_iam_{kind}"):
            by_name[values["name"]] = {
                "path": values.get("path", "/"),
                "arn": values.get("arn", ""),
                "attached_managed_policies": [
                    Attached(policy_arn=arn) for arn in values.get("managed_policy_arns", ())
                ],
                f"{kind}_policy_list": [
                    Inline(policy_name=one["name"], policy_document=one["policy"])
                    for one in values.get("inline_policy", ())
                    if one.get("name")
                ],
                **_details(kind, values),
            }
        _policies_of(resources, kind, by_name)
    _groups_of_users(resources, held["user"])
    for values in resources.of("aws_iam_instance_profile"):
        role = held["role"].get(values.get("role", ""))
        if role is not None:
            part = ProfilePart(instance_profile_name=values["name"], path=values.get("path", "/"))
            role["instance_profile_list"].append(part)
    return Snapshot(
        user_detail_list=tuple(UserPart(user_name=name, **_frozen(one)) for name, one in held["user"].items()),
        group_detail_list=tuple(GroupPart(group_name=name, **_frozen(one)) for name, one in held["group"].items()),
        role_detail_list=tuple(RolePart(role_name=name, **_frozen(one)) for name, one in held["role"].items()),
        policies=tuple(_policy(values, account) for values in resources.of("aws_iam_policy")),
    )


def _details(kind: str, values: Json) -> Json:
    if kind == "group":
        return {}
    boundary = values.get("permissions_boundary")
    found: Json = {
        "permissions_boundary": Boundary(permissions_boundary_arn=boundary) if boundary else None,
        "tags": list(_read_tags(values)),
    }
    if kind == "user":
        return found | {"group_list": []}
    return found | {"assume_role_policy_document": values["assume_role_policy"], "instance_profile_list": []}


def _read_tags(values: Json) -> Iterator[Tag]:
    tags: dict[str, str] = values.get("tags") or {}
    for key, value in tags.items():
        yield Tag(key=key, value=value)


def _policies_of(resources: _Resources, kind: str, by_name: dict[str, Json]) -> None:
    for values in resources.of(f"aws_iam_{kind}_policy"):
        if (holder := by_name.get(values[kind])) is not None:
            inline = Inline(policy_name=values["name"], policy_document=values["policy"])
            holder[f"{kind}_policy_list"].append(inline)
    attachments = [(values[kind], values["policy_arn"]) for values in resources.of(f"aws_iam_{kind}_policy_attachment")]
    for values in resources.of("aws_iam_policy_attachment"):
        attachments += [(name, values["policy_arn"]) for name in values.get(f"{kind}s", ())]
    for name, arn in attachments:
        if (holder := by_name.get(name)) is not None:
            holder["attached_managed_policies"].append(Attached(policy_arn=arn))


def _groups_of_users(resources: _Resources, users: dict[str, Json]) -> None:
    for values in resources.of("aws_iam_user_group_membership"):
        users[values["user"]]["group_list"] += values["groups"]
    for values in resources.of("aws_iam_group_membership"):
        for name in values["users"]:
            users[name]["group_list"].append(values["group"])


def _frozen(parts: Json) -> Json:
    """Return *parts* with tuples for lists, as a snapshot has them."""
    lists: dict[str, list[Any]] = {name: value for name, value in parts.items() if isinstance(value, list)}
    return {**parts, **{name: tuple(value) for name, value in lists.items()}}


def _policy(values: Json, account: str) -> PolicyPart:
    path = values.get("path", "/")
    return PolicyPart(
        policy_name=values["name"],
        arn=values.get("arn") or f"arn:aws:iam::{account}:policy{path}{values['name']}",
        path=path,
        description=values.get("description") or None,
        tags=tuple(_read_tags(values)),
        policy_version_list=(VersionPart(document=values["policy"]),),
    )


# -- written


class _Configuration:
    """Resources by kind and name; names are made of those of the entities, each once."""

    def __init__(self) -> None:
        self.resources: dict[str, dict[str, Json]] = {}

    def add(self, kind: str, name: str, arguments: Json) -> str:
        """Add a resource; return how others refer to it."""
        named = self.resources.setdefault(kind, {})
        base = re.sub(r"^(?=[^A-Za-z_])", "_", _NAME.sub("_", name))
        label, number = base, 2
        while label in named:
            label, number = f"{base}_{number}", number + 1
        named[label] = {argument: value for argument, value in arguments.items() if value not in (None, {}, [], "")}
        return f"{kind}.{label}"


def write(snapshot: Snapshot) -> str:
    """Return a configuration in JSON that makes what the snapshot holds."""
    configuration = _Configuration()
    policies = {
        policy.arn: configuration.add(
            "aws_iam_policy",
            policy.policy_name,
            {
                "name": _literal(policy.policy_name),
                "path": _literal(policy.path),
                "description": None if policy.description is None else _literal(policy.description),
                "policy": _document(_default(policy)),
                "tags": _tags(policy.tags),
            },
        )
        for policy in snapshot.policies
    }

    def arn(text: str) -> str:
        return f"${{{policies[text]}.arn}}" if text in policies else _literal(text)

    def holder(kind: str, name: str, arguments: Json, inline: tuple[Inline, ...], arns: tuple[Attached, ...]) -> str:
        own = configuration.add(f"aws_iam_{kind}", name, {"name": _literal(name), **arguments})
        for one in inline:
            configuration.add(
                f"aws_iam_{kind}_policy",
                f"{name}_{one.policy_name}",
                {
                    "name": _literal(one.policy_name),
                    kind: f"${{{own}.name}}",
                    "policy": _document(one.policy_document),
                },
            )
        for attached in arns:
            configuration.add(
                f"aws_iam_{kind}_policy_attachment",
                f"{name}_{attached.policy_name}",
                {kind: f"${{{own}.name}}", "policy_arn": arn(attached.policy_arn)},
            )
        return own

    groups = {
        group.group_name: holder(
            "group",
            group.group_name,
            {"path": _literal(group.path)},
            group.group_policy_list,
            group.attached_managed_policies,
        )
        for group in snapshot.group_detail_list
    }
    for user in snapshot.user_detail_list:
        own = holder(
            "user", user.user_name, _principal(user, arn), user.user_policy_list, user.attached_managed_policies
        )
        if user.group_list:
            members = [f"${{{groups[name]}.name}}" for name in user.group_list]
            configuration.add(
                "aws_iam_user_group_membership", user.user_name, {"user": f"${{{own}.name}}", "groups": members}
            )
    for role in snapshot.role_detail_list:
        trust = {"assume_role_policy": _document(role.assume_role_policy_document)}
        own = holder(
            "role", role.role_name, _principal(role, arn) | trust, role.role_policy_list, role.attached_managed_policies
        )
        for profile in role.instance_profile_list:
            configuration.add(
                "aws_iam_instance_profile",
                profile.instance_profile_name,
                {
                    "name": _literal(profile.instance_profile_name),
                    "path": _literal(profile.path),
                    "role": f"${{{own}.name}}",
                },
            )
    return json.dumps({"resource": configuration.resources}, indent=2, ensure_ascii=False) + "\n"


def _principal(part: UserPart | RolePart, arn: Any) -> Json:
    boundary = part.permissions_boundary
    return {
        "path": _literal(part.path),
        "permissions_boundary": None if boundary is None else arn(boundary.permissions_boundary_arn),
        "tags": _tags(part.tags),
    }


def _default(policy: PolicyPart) -> Document:
    return next(version.document for version in policy.policy_version_list if version.is_default_version)


def _tags(tags: tuple[Tag, ...]) -> Json:
    return {_literal(tag.key): _literal(tag.value) for tag in tags}


def _document(document: Document) -> str:
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    return _literal(text)


def _literal(text: str) -> str:
    """Return a text that Terraform takes as it is: policy variables look like its own."""
    return text.replace("${", "$${").replace("%{", "%%{")
