"""What findings, reports, training, attestations and exceptions come to: cell by cell, row by row, unit by unit.

    evaluation = Evaluation(facts, records)
    evaluation.cell("SR-I1.c", at).status
    evaluation.row("SR-I1", at).status
    roll_up([evaluation.row("SR-I1", at) for evaluation in accounts])

Source: `shared-responsibility` reference, 6; its laws are tests of this package.
"""

from remit.compliance.status.cells import Cell, Item, Row, Status
from remit.compliance.status.evaluation import Evaluation
from remit.compliance.status.records import Attestation, Exemption, Records
from remit.compliance.status.rolling import Rolled, roll_up

__all__ = [
    "Attestation",
    "Cell",
    "Evaluation",
    "Exemption",
    "Item",
    "Records",
    "Rolled",
    "Row",
    "Status",
    "roll_up",
]
