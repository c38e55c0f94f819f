"""Role templates: what an AWS service makes roles from, in accounts that want one.

No operation makes a template. Here an operator does, from a file (`remit role-template add`).
Source: IAM API reference, AcquireRole and GetRoleTemplateVersion; `iam-sts` reference, section 14.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

import msgspec

from remit.arn import Arn
from remit.directory.facts import NotFound, Noun, TemplateRefused
from remit.ids import AccountId
from remit.store import Kind, Transaction

_OWNER = AccountId("aws")
_PLACEHOLDER = re.compile(r"@\{([^{}]+)\}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
ParameterType = Literal["String", "StringList", "Number", "NumberList", "Arn", "ArnList"]


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal"):
    """A parameter of a template, by AWS's names of its members."""

    name: str
    type: ParameterType
    sub_type: str = ""
    description: str = ""
    is_required: bool = False
    default_value: str | None = None
    immutable: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it takes several values."""
        return self.type.endswith("List")


class InlineTemplate(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """An inline policy of a template; its document is JSON text."""

    policy_name: str
    policy_document: str


class TagTemplate(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """A tag of a template."""

    key: str
    value: str


class TemplateVersion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal"):
    """A minor version: what the role will be, with placeholders `@{parameter}`."""

    minor_version: int
    role_name_pattern: str
    assume_role_policy_document_template: str
    role_path_pattern: str = "/"
    role_description_pattern: str | None = None
    inline_policy_templates: tuple[InlineTemplate, ...] = ()
    managed_policy_arns: tuple[str, ...] = ()
    permission_boundary_arn: str = ""
    parameters_definition: tuple[Parameter, ...] = ()
    role_tags_template: tuple[TagTemplate, ...] = ()
    max_session_duration: int = 3600
    version_enabled: bool = True


class RoleTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="pascal"):
    """A template; its id is its ARN.

    Attributes:
        managed_by_value: principal of the service that manages it.
        versions: by minor version.
    """

    id: str
    account: AccountId
    template_name: str
    major_version: int
    managed_by_value: str
    created_at: datetime
    updated_at: datetime
    versions: tuple[TemplateVersion, ...]
    default_minor_version: int = 0
    description: str = ""
    enabled: bool = True

    @property
    def arn(self) -> str:
        """The ARN, with the major version at its end."""
        return self.id

    def version(self, minor: int | None) -> TemplateVersion:
        """Find a version; without *minor* the default one.

        Raises:
            NotFound: there is none.
        """
        wanted = self.default_minor_version if minor is None else minor
        for version in self.versions:
            if version.minor_version == wanted:
                return version
        raise NotFound(Noun.ROLE_TEMPLATE_VERSION, str(wanted), within=self.arn)


ROLE_TEMPLATES = Kind("role_template", RoleTemplate)


def role_template(tx: Transaction, arn: str) -> RoleTemplate:
    """Find a template by its ARN.

    Raises:
        NotFound: there is none.
    """
    found = tx.get(ROLE_TEMPLATES, arn)
    if found is None:
        raise NotFound(Noun.ROLE_TEMPLATE, arn)
    return found


class Described(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True):
    """A template as an operator writes it down: the members of GetRoleTemplateVersion, with its versions in a list."""

    template_arn: str
    versions: tuple[TemplateVersion, ...]
    default_minor_version: int = 0
    description: str = ""
    enabled: bool = True


def described_template(text: bytes) -> Described:
    """Read what an operator wrote.

    Raises:
        ValueError: it is no template; with a line for a person.
    """
    described = msgspec.json.decode(text, type=Described)
    _parts_of_arn(described.template_arn)
    for version in described.versions:
        for document in (
            version.assume_role_policy_document_template,
            *[inline.policy_document for inline in version.inline_policy_templates],
        ):
            msgspec.json.decode(document)
    return described


def add_template(tx: Transaction, described: Described, *, at: datetime) -> RoleTemplate:
    """Add a template, in the place of one with its ARN."""
    service, name, major = _parts_of_arn(described.template_arn)
    held = tx.get(ROLE_TEMPLATES, described.template_arn)
    template = RoleTemplate(
        id=described.template_arn,
        account=_OWNER,
        template_name=name,
        major_version=major,
        managed_by_value=service,
        created_at=at if held is None else held.created_at,
        updated_at=at,
        versions=tuple(sorted(described.versions, key=lambda version: version.minor_version)),
        default_minor_version=described.default_minor_version,
        description=described.description,
        enabled=described.enabled,
    )
    tx.put(ROLE_TEMPLATES, template)
    return template


def _parts_of_arn(text: str) -> tuple[str, str, int]:
    arn = Arn.parse(text)
    kind, _, rest = arn.resource.partition("/")
    service, _, versioned = rest.partition("/")
    name, _, major = versioned.rpartition(":")
    is_template = (arn.service, arn.account, kind) == ("iam", "aws", "role-template")
    if not (is_template and service and name and major.isdigit()):
        raise ValueError(f"not the ARN of a role template, `arn:aws:iam::aws:role-template/SERVICE/NAME:1`: `{text}`")
    return service, name, int(major)


# -- filled in


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What a role made of a template will be."""

    name: str
    path: str
    description: str | None
    trust: str
    inline: dict[str, str]
    attached: tuple[str, ...]
    boundary: str
    tags: dict[str, str]
    session_seconds_max: int


def fill(version: TemplateVersion, given: Mapping[str, Sequence[str]]) -> Filled:
    """Put the values of parameters into a template.

    Raises:
        TemplateRefused: a value is missing, is of another type, or belongs to no parameter.
    """
    values = _values(version, given)
    return Filled(
        name=_text(version.role_name_pattern, values),
        path=_text(version.role_path_pattern, values),
        description=None
        if version.role_description_pattern is None
        else _text(version.role_description_pattern, values),
        trust=filled_document(version.assume_role_policy_document_template, values),
        inline={
            one.policy_name: filled_document(one.policy_document, values) for one in version.inline_policy_templates
        },
        attached=version.managed_policy_arns,
        boundary=version.permission_boundary_arn,
        tags={_text(tag.key, values): _text(tag.value, values) for tag in version.role_tags_template},
        session_seconds_max=version.max_session_duration,
    )


def _values(version: TemplateVersion, given: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    parameters = {parameter.name: parameter for parameter in version.parameters_definition}
    for name in given:
        if name not in parameters:
            raise TemplateRefused(f"The role template has no parameter {name}.")
    values: dict[str, Sequence[str]] = {}
    for name, parameter in parameters.items():
        found = given.get(name)
        if found is None and parameter.default_value is not None:
            found = [parameter.default_value]
        if found is None and parameter.is_required:
            raise TemplateRefused(f"The parameter {name} is required.")
        if found is not None:
            _check(parameter, found)
        values[name] = found or []
    return values


def _check(parameter: Parameter, values: Sequence[str]) -> None:
    if len(values) != 1 and not parameter.is_list:
        raise TemplateRefused(f"The parameter {parameter.name} takes one value.")
    for value in values:
        is_number = _NUMBER.fullmatch(value) is not None
        if parameter.type.startswith("Number") and not is_number:
            raise TemplateRefused(f"The value of the parameter {parameter.name} is not a number.")
        if parameter.type.startswith("Arn") and not value.startswith("arn:"):
            raise TemplateRefused(f"The value of the parameter {parameter.name} is not an ARN.")


def _text(pattern: str, values: Mapping[str, Sequence[str]]) -> str:
    return _PLACEHOLDER.sub(lambda found: ",".join(_value(found[1], values)), pattern)


def _value(name: str, values: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if name not in values:
        raise TemplateRefused(f"The role template names a parameter {name} that it does not define.")
    return values[name]


def filled_document(template: str, values: Mapping[str, Sequence[str]]) -> str:
    """Put values into a policy document with placeholders.

    Raises:
        TemplateRefused: it names a parameter that has no value.
    """
    return msgspec.json.encode(_filled(msgspec.json.decode(template), values)).decode()


def _filled(value: Any, values: Mapping[str, Sequence[str]]) -> Any:
    """Fill in strings of a document, so that no value can end the string that it stands in."""
    match value:
        case str():
            return _text(value, values)
        case list():
            return [item for element in cast("list[object]", value) for item in _items(element, values)]
        case dict():
            members = cast("dict[str, Any]", value)
            return {_text(key, values): _filled(member, values) for key, member in members.items()}
        case _:
            return value


def _items(element: Any, values: Mapping[str, Sequence[str]]) -> list[Any]:
    """Return an element of a list filled in; a placeholder that is the whole element stands for all its values."""
    whole = _PLACEHOLDER.fullmatch(element) if isinstance(element, str) else None
    return [_filled(element, values)] if whole is None else list(_value(whole[1], values))
