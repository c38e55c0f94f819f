"""The shared responsibility model as data: rows, their halves, and what shows that each is done.

    MODEL = read_model()
    half = MODEL.half("SR-S1.c")
    half.applies.holds(inventory)

`data/responsibilities.yaml` is written to be read and changed by people; `read_model` says where it is wrong.
Source: `shared-responsibility` reference, 2 to 4.
"""

from remit.compliance.model.expressions import Expression, ExpressionWrong
from remit.compliance.model.inventory import Inventory
from remit.compliance.model.rows import Half, Mapping, Model, Needs, Owner, Party, Relation, Responsibility, read_model

__all__ = [
    "Expression",
    "ExpressionWrong",
    "Half",
    "Inventory",
    "Mapping",
    "Model",
    "Needs",
    "Owner",
    "Party",
    "Relation",
    "Responsibility",
    "read_model",
]
