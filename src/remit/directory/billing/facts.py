"""What stands against a change of what belongs to bills.

DirectoryFact
├── Missing      there is no such thing, or it is not the caller's
├── Taken        another has the name
├── Unfit        a value that the model allows cannot be
├── Hindered     as things are it cannot be done
└── Full         one more would be too many
"""

from enum import StrEnum

from remit.directory.facts import DirectoryFact


class Thing(StrEnum):
    """Kinds of things, by the words that messages have for them."""

    BILLING_VIEW = "billing view"
    CREDIT = "credit"
    PROMOTION = "promotional code"
    CONTRACT = "contract"
    COST_CATEGORY = "cost category"
    ALLOCATION_TAG = "cost allocation tag"
    BACKFILL = "backfill"
    ANOMALY_MONITOR = "anomaly monitor"
    ANOMALY_SUBSCRIPTION = "anomaly subscription"
    ANOMALY = "anomaly"
    BUDGET = "budget"
    NOTIFICATION = "notification"
    SUBSCRIBER = "subscriber"
    BUDGET_ACTION = "budget action"
    ANALYSIS = "analysis"
    ACCOUNT = "account"
    INVOICE = "invoice"
    INVOICE_UNIT = "invoice unit"
    INVOICE_RECEIVER = "invoice receiver"
    PORTAL = "procurement portal"
    PORTAL_PREFERENCE = "procurement portal preference"
    EXPORT = "export"
    EXECUTION = "execution"
    REPORT = "report"
    BUCKET = "bucket"


class Missing(DirectoryFact):
    """There is no *thing* called *name*."""

    def __init__(self, thing: Thing, name: str) -> None:
        super().__init__(f"no {thing} `{name}`")
        self.thing = thing
        self.name = name


class Taken(DirectoryFact):
    """Another *thing* is called *name*."""

    def __init__(self, thing: Thing, name: str) -> None:
        super().__init__(f"{thing} `{name}` exists")
        self.thing = thing
        self.name = name


class Unfit(DirectoryFact):
    """The value of *field* cannot be; *reason* is a sentence for the caller."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class Hindered(DirectoryFact):
    """The *thing* called *name* stands against it; *reason* is a sentence for the caller."""

    def __init__(self, thing: Thing, name: str, reason: str) -> None:
        super().__init__(f"{thing} `{name}`: {reason}")
        self.thing = thing
        self.name = name
        self.reason = reason


class Full(DirectoryFact):
    """One more *thing* than *limit*."""

    def __init__(self, thing: Thing, limit: int) -> None:
        super().__init__(f"{limit} are the most: {thing}")
        self.thing = thing
        self.limit = limit
