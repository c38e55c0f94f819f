"""The model as a catalog: a group for each owner, a control for each row, a part for each half."""

from datetime import datetime
from typing import Any

from remit.compliance.exports.oscal.parts import control_id, id_of, metadata, prop
from remit.compliance.model import Half, Model, Owner, Responsibility

_TITLES = {Owner.AWS: "Of AWS", Owner.CUSTOMER: "Of the customer", Owner.SHARED: "Shared"}


def catalog(model: Model, at: datetime) -> dict[str, Any]:
    """Return the catalog."""
    return {
        "catalog": {
            "uuid": id_of("catalog"),
            "metadata": metadata("Shared responsibility", at),
            "groups": [
                {
                    "id": f"owner-{owner}",
                    "title": title,
                    "controls": [_control(row) for row in model.rows if row.owner is owner],
                }
                for owner, title in _TITLES.items()
            ],
        }
    }


def _control(row: Responsibility) -> dict[str, Any]:
    return {
        "id": control_id(row.id),
        "title": row.title,
        "props": [prop("bullet", row.bullet), prop("owner", row.owner)],
        "parts": [_part(half) for half in row.halves],
    }


def _part(half: Half) -> dict[str, Any]:
    mapped = [
        prop(f"{mapping.framework}-{mapping.relation}", f"{mapping.version} {control}")
        for mapping in half.maps
        for control in mapping.controls
    ]
    return {
        "id": control_id(half.id),
        "name": "statement",
        "props": [prop("party", half.party), prop("needs", half.needs), *mapped],
        "prose": half.statement,
    }
