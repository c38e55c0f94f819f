"""Files that describe an organization: read, checked as far as a file alone can be, and written.

Page `organization-files` of the documentation is about their form.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import UnsetType

from remit.directory.organizations.descriptions import (
    Description,
    PolicyPart,
    ResourcePolicyPart,
    content_text,
)
from remit.directory.organizations.policies import AUTHORIZATION, PolicyType
from remit.errors import ServiceError
from remit.policy import DocumentMalformed, acceptance_failure, management, parse
from remit.policy import PolicyType as Language
from remit.services.organizations.contents import check_content
from remit.yaml_files import FileUnreadable, dump_yaml, read_file

T = TypeVar("T")
_LANGUAGES = {PolicyType.SERVICE_CONTROL: Language.SCP, PolicyType.RESOURCE_CONTROL: Language.RCP}
_MALFORMED = "MalformedPolicyDocumentException"


def read_form(path: Path, form: type[T]) -> T:
    """Read what a file says as *form*.

    Raises:
        FileUnreadable: it cannot be read, or has another form.
    """
    try:
        return msgspec.convert(read_file(path), form)
    except msgspec.ValidationError as error:
        raise FileUnreadable(f"{path}: {error}") from None


def read_description(path: Path) -> Description:
    """Read a file that describes an organization.

    Raises:
        FileUnreadable: it cannot be read or has another form, or a policy in it is none that AWS would store.
    """
    description = read_form(path, Description)
    for failure in _failures(description):
        raise FileUnreadable(f"{path}: {failure}")
    return description


def _failures(description: Description) -> Iterator[str]:
    for policy in description.policies:
        if failure := _content_failure(policy):
            yield f"{policy.type} `{policy.name}`: {failure}"
    resource_policy = description.resource_policy
    if isinstance(resource_policy, ResourcePolicyPart):
        try:
            parse(content_text(resource_policy.content))
        except DocumentMalformed as error:
            yield f"the resource policy: {error}"


def _content_failure(policy: PolicyPart) -> str | None:
    if isinstance(policy.content, UnsetType):
        return None
    content = content_text(policy.content)
    try:
        check_content(policy.type, content)
    except ServiceError as error:
        if error.code != _MALFORMED:
            return error.message
        detail = (
            acceptance_failure(content, _LANGUAGES[policy.type])
            if policy.type in AUTHORIZATION
            else management.acceptance_failure(content, management.ManagementPolicyType(policy.type))
        )
        return detail or error.message
    return None


def written(value: Any, *, as_json: bool) -> str:
    """Return a struct as a file holds it; the same one is written the same way."""
    plain: Any = msgspec.to_builtins(value)
    if as_json:
        return msgspec.json.format(msgspec.json.encode(plain), indent=2).decode() + "\n"
    return dump_yaml(plain)
