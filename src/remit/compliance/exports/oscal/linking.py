"""Links between two security plans: what a customer says it inherits and satisfies, and what its provider exports.

Each plan can be valid alone and the pair still be broken: NIST's own example pair is.
Source: OSCAL, "Leveraged Authorizations"; `shared-responsibility` reference, 1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Trouble(StrEnum):
    """What is wrong with a link.

    DANGLING: it leads to nothing of its kind that the provider exports. UNMET: the customer satisfies no such
    responsibility.
    """

    DANGLING = "dangling"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """A link that is broken.

    Attributes:
        control: id of the control where it stands.
        uuid: where it leads.
        message: a sentence without a full stop.
    """

    control: str
    trouble: Trouble
    uuid: str
    message: str


class PlanUnreadable(ValueError):
    """A document is no system security plan."""


def broken_links(provider: Mapping[str, Any], customer: Mapping[str, Any]) -> list[Broken]:
    """Return what is broken between a provider's plan and a customer's, in order of controls.

    Raises:
        PlanUnreadable: one of them is no system security plan.
    """
    provided: dict[str, str] = {}
    responsibilities: dict[str, str] = {}
    for control, part in _by_components(provider, "the provider's"):
        export = part.get("export", {})
        provided |= {one["uuid"]: control for one in export.get("provided", [])}
        responsibilities |= {one["uuid"]: control for one in export.get("responsibilities", [])}
    found: list[Broken] = []
    met: set[str] = set()
    for control, part in _by_components(customer, "the customer's"):
        for one in part.get("inherited", []):
            found += _checked(control, one.get("provided-uuid"), "inherited", provided, responsibilities)
        for one in part.get("satisfied", []):
            met.add(one.get("responsibility-uuid", ""))
            found += _checked(control, one.get("responsibility-uuid"), "satisfied", responsibilities, provided)
    found += [
        Broken(control, Trouble.UNMET, uuid, f"responsibility {uuid} of the provider is satisfied by nothing")
        for uuid, control in responsibilities.items()
        if uuid not in met
    ]
    return sorted(found)


def _checked(
    control: str, uuid: str | None, kind: str, wanted: Mapping[str, str], others: Mapping[str, str]
) -> Iterator[Broken]:
    # OSCAL lets an entry stand without a link: it then says something of its own.
    if uuid is None or uuid in wanted:
        return
    what = "responsibility" if kind == "satisfied" else "provided"
    if uuid in others:
        other = "provided" if kind == "satisfied" else "responsibility"
        message = f"{kind} entry points to {uuid}, which is a {other} entry of the provider, and not a {what} entry"
        yield Broken(control, Trouble.DANGLING, uuid, message)
    else:
        message = f"{kind} entry points to {uuid}, which the provider does not export"
        yield Broken(control, Trouble.DANGLING, uuid, message)


def _by_components(plan: Mapping[str, Any], whose: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        requirements = plan["system-security-plan"]["control-implementation"]["implemented-requirements"]
        for requirement in requirements:
            control = str(requirement["control-id"])
            for part in requirement.get("by-components", []):
                yield control, part
            for statement in requirement.get("statements", []):
                for part in statement.get("by-components", []):
                    yield str(statement.get("statement-id", control)), part
    except (KeyError, TypeError, AttributeError):
        message = f"{whose} document is no system security plan of OSCAL"
        raise PlanUnreadable(message) from None
