"""Security plans: the provider's, which exports what it provides and what it leaves to do, and a customer's.

The provider provides each AWS half. Where the customer has a half of the same row, the provider's plan names it as a
responsibility, and the customer's plan satisfies it: that is the link that `linking` checks.
"""

from datetime import datetime
from typing import Any

from remit.compliance.exports.oscal.components import TITLES
from remit.compliance.exports.oscal.parts import control_id, id_of, metadata, prop
from remit.compliance.exports.report import AccountReport
from remit.compliance.model import Half, Model, Party, Responsibility
from remit.compliance.status import Cell, Status

# The words of OSCAL's allowed values for implementation-status.
_STATES = {
    Status.MET: "implemented",
    Status.INHERITED: "implemented",
    Status.EXCEPTED: "alternative",
    Status.PARTIAL: "partial",
    Status.NOT_MET: "partial",
    Status.UNKNOWN: "partial",
    Status.NOT_APPLICABLE: "not-applicable",
}


def provider_plan(model: Model, at: datetime) -> dict[str, Any]:
    """Return the provider's plan."""
    return _plan(
        "provider",
        TITLES[Party.AWS],
        "The cloud that accounts are in.",
        at,
        components=[_component(id_of("component", Party.AWS), "service", TITLES[Party.AWS])],
        requirements=[_provided(row, half) for row in model.rows if (half := _half(row, Party.AWS)) is not None],
    )


def customer_plan(model: Model, account: AccountReport, at: datetime) -> dict[str, Any]:
    """Return the plan of an account."""
    name = account.header.account
    cells = {cell.half: cell for row in account.rows for cell in row.cells}
    own = id_of("component", name)
    plan = _plan(
        name,
        f"AWS account {name}",
        f"What is in account {name}, and how it is set up.",
        at,
        components=[
            _component(own, "this-system", f"AWS account {name}"),
            _component(id_of("leveraged", name), "service", TITLES[Party.AWS], leveraged=id_of("authorization", name)),
        ],
        requirements=[_implemented(row, cells, name) for row in model.rows],
    )
    plan["system-security-plan"]["system-implementation"]["leveraged-authorizations"] = [
        {
            "uuid": id_of("authorization", name),
            "title": TITLES[Party.AWS],
            "links": [{"href": "ssp-provider.json", "rel": "system-security-plan"}],
            "party-uuid": id_of("party", Party.AWS),
            "date-authorized": f"{at:%Y-%m-%d}",
        }
    ]
    plan["system-security-plan"]["metadata"]["parties"] = [
        {"uuid": id_of("party", Party.AWS), "type": "organization", "name": TITLES[Party.AWS]}
    ]
    return plan


def _half(row: Responsibility, party: Party) -> Half | None:
    return next((half for half in row.halves if half.party is party), None)


def _plan(
    name: str,
    title: str,
    about: str,
    at: datetime,
    *,
    components: list[dict[str, Any]],
    requirements: list[dict[str, Any]],
) -> dict[str, Any]:
    return {
        "system-security-plan": {
            "uuid": id_of("ssp", name),
            "metadata": metadata(f"{title}: security plan", at),
            "import-profile": {"href": "catalog.json"},
            "system-characteristics": {
                "system-ids": [{"identifier-type": "urn:remit:account", "id": name}],
                "system-name": title,
                "description": about,
                "system-information": {
                    "information-types": [
                        {"uuid": id_of("information", name), "title": "Not classified here", "description": about}
                    ]
                },
                "status": {"state": "operational"},
                "authorization-boundary": {"description": about},
            },
            "system-implementation": {
                "users": [{"uuid": id_of("user", name), "title": "Whoever may use it"}],
                "components": components,
            },
            "control-implementation": {
                "description": "The rows of the shared responsibility model.",
                "implemented-requirements": requirements,
            },
        }
    }


def _component(uuid: str, kind: str, title: str, leveraged: str = "") -> dict[str, Any]:
    component: dict[str, Any] = {
        "uuid": uuid,
        "type": kind,
        "title": title,
        "description": title,
        "status": {"state": "operational"},
    }
    if leveraged:
        component["props"] = [
            {"name": "leveraged-authorization-uuid", "value": leveraged},
            {"name": "implementation-point", "value": "external"},
        ]
    return component


def _provided(row: Responsibility, half: Half) -> dict[str, Any]:
    other = _half(row, Party.CUSTOMER)
    provided = id_of("provided", half.id)
    export: dict[str, Any] = {"provided": [{"uuid": provided, "description": half.statement}]}
    if other is not None:
        export["responsibilities"] = [
            {
                "uuid": id_of("responsibility", other.id),
                "provided-uuid": provided,
                "description": other.statement,
            }
        ]
    return {
        "uuid": id_of("provider-requirement", row.id),
        "control-id": control_id(row.id),
        "by-components": [
            {
                "component-uuid": id_of("component", Party.AWS),
                "uuid": id_of("provider-by", row.id),
                "description": half.statement,
                "implementation-status": {"state": "implemented"},
                "export": export,
            }
        ],
    }


def _implemented(row: Responsibility, cells: dict[str, Cell], name: str) -> dict[str, Any]:
    half, aws = _half(row, Party.CUSTOMER), _half(row, Party.AWS)
    by: list[dict[str, Any]] = []
    if aws is not None:
        cell = cells[aws.id]
        by.append(
            _by(cell, id_of("leveraged", name), name)
            | {
                "inherited": [
                    {
                        "uuid": id_of("inherited", name, aws.id),
                        "provided-uuid": id_of("provided", aws.id),
                        "description": cell.reason,
                    }
                ]
            }
        )
    if half is not None:
        one = _by(cells[half.id], id_of("component", name), name)
        if aws is not None:
            one["satisfied"] = [
                {
                    "uuid": id_of("satisfied", name, half.id),
                    "responsibility-uuid": id_of("responsibility", half.id),
                    "description": cells[half.id].reason,
                }
            ]
        by.append(one)
    return {
        "uuid": id_of("requirement", name, row.id),
        "control-id": control_id(row.id),
        "by-components": by,
    }


def _by(cell: Cell, component: str, name: str) -> dict[str, Any]:
    return {
        "component-uuid": component,
        "uuid": id_of("by", name, cell.half),
        "description": cell.reason,
        "props": [prop("status", cell.status)],
        "implementation-status": {"state": _STATES[cell.status]},
    }
