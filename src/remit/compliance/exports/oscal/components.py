"""Component definitions: AWS as the provider, an account as the system, each with the halves that it implements."""

from datetime import datetime
from typing import Any

from remit.compliance.exports.oscal.parts import control_id, id_of, metadata
from remit.compliance.model import Model, Party

TITLES = {Party.AWS: "Amazon Web Services", Party.CUSTOMER: "AWS account"}
_ABOUT = {
    Party.AWS: "The cloud itself: buildings, hardware, network, hypervisor, managed services.",
    Party.CUSTOMER: "What a customer has and sets up in an account.",
}


def component_definition(model: Model, party: Party, at: datetime) -> dict[str, Any]:
    """Return the definition of the component that a party answers for."""
    return {
        "component-definition": {
            "uuid": id_of("component-definition", party),
            "metadata": metadata(f"{TITLES[party]}: responsibilities", at),
            "components": [
                {
                    "uuid": id_of("component", party),
                    "type": "service" if party is Party.AWS else "this-system",
                    "title": TITLES[party],
                    "description": _ABOUT[party],
                    "control-implementations": [
                        {
                            "uuid": id_of("control-implementation", party),
                            "source": "catalog.json",
                            "description": f"The halves of {TITLES[party]}.",
                            "implemented-requirements": [
                                {
                                    "uuid": id_of("requirement", half.id),
                                    "control-id": control_id(row.id),
                                    "description": half.statement,
                                }
                                for row in model.rows
                                for half in row.halves
                                if half.party is party
                            ],
                        }
                    ],
                }
            ],
        }
    }
