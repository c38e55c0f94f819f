"""The form of a scenario: what a person writes, and what each key means.

Money and quantities are decimal numbers, with or without quotes; they are exact. Accounts are names or twelve digits.
Times are dates or moments in UTC: `2026-03-10`, `2026-03-10T05:00:00Z`.
Source: reference, 8.4.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from remit.billing.commitments.savings_plans import PlanKind
from remit.billing.commitments.sharing import SharingMode
from remit.billing.engine.inputs import SupportBasis
from remit.billing.lines import LineType
from remit.billing.scenarios.commitments import CommitmentsForm
from remit.billing.scenarios.expectations import ExpectForm
from remit.billing.scenarios.forms import InstanceForm


class MemberForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A member account.

    Attributes:
        joined, left: when the organization begins and ends to pay for it; without, it always does.
        zones: name of a zone to the id of the physical one, where this account's names differ.
    """

    name: str = ""
    joined: str | None = None
    left: str | None = None
    zones: Mapping[str, str] = {}


class BenefitSharingForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """With which accounts a single reservation or Savings Plan is shared: first, or RESTRICTED to them."""

    accounts: list[str]
    mode: Literal["PRIORITIZED", "RESTRICTED"] = "PRIORITIZED"


class SharingForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Preferences of the management account, as they stand at the end of the month.

    Attributes:
        off: accounts that neither give nor take reservations and Savings Plans.
        groups: name of a group to its accounts.
        credits_off: accounts that neither give nor take credits.
        credit_mode, credit_groups: as *mode* and *groups*, of credits.
        benefits: id of a reservation or Savings Plan to whom it is shared with.
    """

    off: list[str] = []
    mode: SharingMode = SharingMode.ORGANIZATION
    groups: Mapping[str, list[str]] = {}
    credits: bool = True
    credits_off: list[str] = []
    credit_mode: SharingMode = SharingMode.ORGANIZATION
    credit_groups: Mapping[str, list[str]] = {}
    benefits: Mapping[str, BenefitSharingForm] = {}


class OrganizationForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Who pays for whom."""

    management: str = "management"
    members: Mapping[str, MemberForm | None] = {}
    sharing: SharingForm = SharingForm()
    zones: Mapping[str, str] = {}


class TierForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A tier: up to a quantity of the month, or for the next so many; without either, for all the rest."""

    up_to: Decimal | None = None
    next: Decimal | None = None
    price: Decimal


class PriceForm(InstanceForm, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A product and its On-Demand price; several of one product are its prices over time.

    Attributes:
        price: of a unit; or *tiers*.
        tier_group: products of one group fill the same tiers.
        savings_plans: kind of plan to the rate of a unit.
        since, until: when the price is in force; without, always.
    """

    sku: str = ""
    usage_type: str = ""
    operation: str | None = None
    family: str = ""
    unit: str = ""
    price: Decimal | None = None
    tiers: tuple[TierForm, ...] = ()
    tier_group: str = ""
    savings_plans: Mapping[PlanKind, Decimal] = msgspec.field(default_factory=dict[PlanKind, Decimal])
    since: str | None = None
    until: str | None = None


class UsageForm(InstanceForm, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Usage.

    Attributes:
        sku: of a price, which then says service, usage type, operation, region and unit.
        quantity: in *unit*, in all from *start* to *end*; for instances without it, *count* instances all that time.
        count: instances.
        seconds: that each of them ran.
        start: without it, the first hour of the month; entries of one time accrue in the order in which they stand.
        hours: from *start* to the end, 1 without *end*.
        each: repeats the entry each hour or day, up to *until*, or to the end of the month.
    """

    account: str
    id: str = ""
    sku: str = ""
    usage_type: str = ""
    operation: str | None = None
    zone: str = ""
    resource: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    count: int = 1
    seconds: int | None = None
    start: str | None = None
    end: str | None = None
    hours: int | None = None
    each: Literal["hour", "day"] | None = None
    until: str | None = None
    tags: Mapping[str, str] = msgspec.field(default_factory=dict[str, str])


class FreeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A quantity that costs nothing, once a month for the whole organization."""

    id: str = ""
    service: str
    usage_types: list[str]
    quantity: Decimal
    since: str | None = None
    until: str | None = None


class DiscountForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A private rate: percent off."""

    id: str
    percent: Decimal
    services: list[str] = []
    skus: list[str] = []
    accounts: list[str] = []
    line_types: tuple[LineType, ...] = (LineType.USAGE,)
    since: str | None = None
    until: str | None = None


class CreditForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A credit.

    Attributes:
        expires: the first moment at which it pays no more; a month, `2026-12`, is paid to its end.
        services: that it pays; without, all.
        pays: further kinds of lines: `Fee`.
        shared_with: whom it pays for beside its owner, whatever the preferences say; without it, they decide.
    """

    id: str
    owner: str = ""
    amount: Decimal
    issued: str = "2000-01-01"
    expires: str = "2999-12"
    services: list[str] = []
    pays: list[LineType] = []
    marketplace: bool = False
    shared_with: list[str] | None = None


class TaxForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A tax."""

    name: str
    percent: Decimal
    seller: str = "AWS"
    accounts: list[str] = []
    services: list[str] = []


class BandForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A share of the charges up to a sum."""

    up_to: Decimal | None = None
    percent: Decimal


class SupportForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A support plan; without accounts, for all of the organization."""

    plan: str
    service: str = "AWSSupportBusiness"
    accounts: list[str] = []
    minimum: Decimal = Decimal(0)
    bands: list[BandForm]
    basis: SupportBasis = SupportBasis.ACCOUNT


class ChargeForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A line whose amount is known already."""

    account: str
    service: str
    amount: Decimal
    net: Decimal | None = None
    id: str = ""
    line_type: LineType = LineType.USAGE
    usage_type: str = ""
    region: str = ""
    seller: str = "AWS"
    start: str | None = None
    tags: Mapping[str, str] = {}


class ConditionForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """True where everything that is written is; several values of a key are alternatives."""

    account: list[str] = []
    account_name: list[str] = []
    service: list[str] = []
    line_type: list[str] = []
    region: list[str] = []
    usage_type: list[str] = []
    tags: Mapping[str, list[str]] = {}
    categories: Mapping[str, list[str]] = {}
    match: Literal["EQUALS", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "ABSENT"] = "EQUALS"
    all_of: "list[ConditionForm]" = []
    any_of: "list[ConditionForm]" = []
    none_of: "list[ConditionForm]" = []


class RuleForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A value and its condition, or what the value is inherited from."""

    value: str = ""
    when: ConditionForm | None = None
    inherit_tag: str = ""
    inherit_account_name: bool = False


class SplitForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Charges of one value divided among others."""

    source: str
    targets: list[str]
    method: Literal["FIXED", "PROPORTIONAL", "EVEN"]
    percentages: list[Decimal] = []


class CategoryForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A cost category."""

    name: str
    rules: list[RuleForm]
    default: str = ""
    splits: list[SplitForm] = []
    since: str | None = None


class ScenarioForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A scenario.

    Attributes:
        source: where its numbers come from.
        rules: sections that it shows.
        month: `2026-03`.
        region: of what names none.
    """

    title: str
    id: str = ""
    source: str = ""
    rules: list[str] = []
    notes: list[str] = []
    month: str = "2026-03"
    region: str = "us-east-1"
    organization: OrganizationForm | None = None
    prices: list[PriceForm] = []
    free: list[FreeForm] = []
    commitments: CommitmentsForm = CommitmentsForm()
    discounts: list[DiscountForm] = []
    credits: list[CreditForm] = []
    taxes: list[TaxForm] = []
    support: list[SupportForm] = []
    cost_categories: list[CategoryForm] = []
    charges: list[ChargeForm] = []
    usage: list[UsageForm] = []
    expect: ExpectForm = ExpectForm()
