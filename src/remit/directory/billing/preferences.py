"""Preferences of a payer: which accounts share reservations, Savings Plans and credits, and within which group.

A preference is a key that is on or off. What nobody set has a default: accounts share, those that join do as the key
`new-accounts` says, and the whole family is one group. The last setting of an open month decides its bill.
Source: AWS Billing user guide, "Turning off reserved instances and Savings Plans discount sharing" and "Sharing AWS
credits"; API reference, UpdateBillingPreferences; `consolidated-billing` reference, section 5. Keys that AWS does not
publish are ours (`docs/choices-billing.md`).
"""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from remit.directory.billing.cost_categories import COST_CATEGORIES
from remit.directory.billing.credits import CREDITS
from remit.directory.billing.facts import Missing, Thing, Unfit
from remit.directory.billing.payers import family_of
from remit.ids import AccountId
from remit.store import Kind, Transaction


class Feature(StrEnum):
    """What preferences are about, by the API's words."""

    RI_SHARING = "RI_SHARING"
    RI_SHARING_HISTORY = "RI_SHARING_HISTORY"
    CREDIT_SHARING = "CREDIT_SHARING"
    CREDIT_SHARING_HISTORY = "CREDIT_SHARING_HISTORY"
    CREDIT_LEVEL_SHARING = "CREDIT_LEVEL_SHARING"
    BILLING_ALERTS = "BILLING_ALERTS"
    CREDIT_PREFERENCE_OPTIONS = "CREDIT_PREFERENCE_OPTIONS"
    BENEFIT_LEVEL_SHARING = "BENEFIT_LEVEL_SHARING"


# Those that say what was changed, and of what.
HISTORIES = {
    Feature.RI_SHARING_HISTORY: Feature.RI_SHARING,
    Feature.CREDIT_SHARING_HISTORY: Feature.CREDIT_SHARING,
}
# Those whose keys say who shares: only the payer sets them.
SHARING = frozenset(
    {Feature.RI_SHARING, Feature.CREDIT_SHARING, Feature.CREDIT_LEVEL_SHARING, Feature.BENEFIT_LEVEL_SHARING}
)
NEW_ACCOUNTS = "new-accounts"
ALERTS = "billing-alerts"
OPEN = "open-sharing"
_GROUP = re.compile(r"(?:costcategory|benefitgroup)-(?:prioritized|restricted)/(?P<category>.+)")
_ACCOUNT = re.compile(r"(?P<account>[0-9]{12})")
_CREDIT_ACCOUNT = re.compile(r"credit/(?P<credit>[0-9]{1,32})/account/(?P<account>[0-9]{12})")
_CREDIT_OPTION = re.compile(
    r"credit/(?P<credit>[0-9]{1,32})/(?:status|sharing/costCategoryArn/(?P<category>.+)|sharing/ruleName/.+)"
)
_BENEFIT = re.compile(
    r"(?P<benefit>benefit/(?:ri|sp)/[^/]+)/sharing/"
    r"(?:costCategoryArn/(?P<category>.+)|ruleName/.+|mode/(?:prioritized|restricted))"
)
_BENEFIT_PARTS = {"costCategoryArn", "ruleName", "mode"}
_FAMILY = (re.compile(f"{NEW_ACCOUNTS}|{OPEN}"), _GROUP, _ACCOUNT)
# The forms of keys of each feature; what they name must be the family's.
_FORMS = {
    Feature.RI_SHARING: _FAMILY,
    Feature.CREDIT_SHARING: _FAMILY,
    Feature.CREDIT_LEVEL_SHARING: (_CREDIT_ACCOUNT,),
    Feature.CREDIT_PREFERENCE_OPTIONS: (_CREDIT_OPTION,),
    Feature.BENEFIT_LEVEL_SHARING: (_BENEFIT,),
    Feature.BILLING_ALERTS: (re.compile(ALERTS),),
}


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """A key as somebody set it.

    Attributes:
        id: account, feature and key.
        account: whose preference it is.
    """

    id: str
    account: AccountId
    feature: Feature
    key: str
    is_on: bool
    changed_at: datetime


class PreferenceChange(msgspec.Struct, frozen=True, kw_only=True):
    """The last setting of a key in a month, for histories; *period* is `2026-03`."""

    id: str
    account: AccountId
    feature: Feature
    key: str
    is_on: bool
    period: str


PREFERENCES = Kind("billing-preference", Preference, groups={"feature": lambda held: ((held.account, held.feature),)})
PREFERENCE_CHANGES = Kind(
    "billing-preference-change",
    PreferenceChange,
    groups={"feature": lambda change: ((change.account, change.feature),)},
)


class BenefitSharing(msgspec.Struct, frozen=True):
    """The rule of a cost category with whose accounts a reservation or Savings Plan is shared first, or alone."""

    category: str
    rule: str
    is_restricted: bool


class Sharing(msgspec.Struct, frozen=True):
    """How a family shares one kind of benefit.

    Attributes:
        off: accounts that neither give nor take.
        group: the key in force: `open-sharing`, or the kind of group and the cost category whose rules are the groups.
    """

    off: frozenset[AccountId]
    group: str


def preferences(tx: Transaction, payer: AccountId, feature: Feature) -> list[Preference]:
    """Return the keys of a feature that somebody set, by key."""
    return sorted(tx.select(PREFERENCES, "feature", (payer, feature)), key=lambda held: held.key)


def changes(tx: Transaction, payer: AccountId, feature: Feature) -> list[PreferenceChange]:
    """Return what was changed of a feature, the newest month first."""
    found = sorted(tx.select(PREFERENCE_CHANGES, "feature", (payer, feature)), key=lambda change: change.key)
    return sorted(found, key=lambda change: change.period, reverse=True)


def sharing(tx: Transaction, payer: AccountId, feature: Feature) -> Sharing:
    """Say how the family of *payer* shares reservations and Savings Plans, or credits."""
    held = {preference.key: preference.is_on for preference in preferences(tx, payer, feature)}
    by_default = held.get(NEW_ACCOUNTS, True)
    off = frozenset(account for account in family_of(tx, payer) if not held.get(account, by_default))
    group = next((key for key, is_on in held.items() if is_on and _GROUP.fullmatch(key)), OPEN)
    return Sharing(off, group)


def benefit_sharing(tx: Transaction, payer: AccountId) -> dict[str, BenefitSharing]:
    """Return whom single reservations and Savings Plans are shared with, by their ids, where that is said of them."""
    said: dict[str, dict[str, str]] = {}
    for held in preferences(tx, payer, Feature.BENEFIT_LEVEL_SHARING):
        if held.is_on:
            benefit, _, key = held.key.partition("/sharing/")
            part, _, value = key.partition("/")
            said.setdefault(benefit.split("/", 2)[2], {})[part] = value
    return {
        benefit: BenefitSharing(parts["costCategoryArn"], parts["ruleName"], parts["mode"] == "restricted")
        for benefit, parts in said.items()
        if parts.keys() == _BENEFIT_PARTS
    }


def set_preferences(
    tx: Transaction, payer: AccountId, feature: Feature, given: Sequence[tuple[str, bool]], *, at: datetime
) -> None:
    """Set keys of a feature; of the keys of groups, the one that is set puts out the others.

    What accounts that are there now have by default stays theirs when the default for new ones is changed.

    Raises:
        Unfit: a key is none of the feature's, is given twice, or they do not go together.
        Missing: a key names a credit, an account or a cost category that the family has not.
    """
    keys = [key for key, _ in given]
    if len(set(keys)) != len(keys):
        raise Unfit("billingPreferencesPerKey", "A key must not be given twice.")
    for key, is_on in given:
        _check(tx, payer, feature, key, is_on=is_on)
    _check_together(feature, keys)
    if NEW_ACCOUNTS in keys:
        _keep_defaults(tx, payer, feature, at)
    for other in _put_out_by(tx, payer, feature, keys):
        _put(tx, payer, feature, other, is_on=False, at=at)
    for key, is_on in given:
        _put(tx, payer, feature, key, is_on=is_on, at=at)


def _put_out_by(tx: Transaction, payer: AccountId, feature: Feature, keys: Sequence[str]) -> list[str]:
    """Return the keys that are on and end when *keys* are set: other groups, and what else is said of one benefit."""
    on = [held.key for held in preferences(tx, payer, feature) if held.is_on and held.key not in keys]
    if feature is Feature.BENEFIT_LEVEL_SHARING:
        benefit = f"{keys[0].partition('/sharing/')[0]}/sharing/"
        return [key for key in on if key.startswith(benefit)]
    if any(key == OPEN or _GROUP.fullmatch(key) for key in keys):
        return [key for key in on if key == OPEN or _GROUP.fullmatch(key)]
    return []


def _keep_defaults(tx: Transaction, payer: AccountId, feature: Feature, at: datetime) -> None:
    held = {preference.key: preference.is_on for preference in preferences(tx, payer, feature)}
    for account in family_of(tx, payer):
        if account not in held:
            _put(tx, payer, feature, account, is_on=held.get(NEW_ACCOUNTS, True), at=at)


def _put(tx: Transaction, payer: AccountId, feature: Feature, key: str, *, is_on: bool, at: datetime) -> None:
    id_ = f"{payer}:{feature}:{key}"
    tx.put(PREFERENCES, Preference(id=id_, account=payer, feature=feature, key=key, is_on=is_on, changed_at=at))
    if feature in HISTORIES.values():
        period = f"{at:%Y-%m}"
        change = PreferenceChange(
            id=f"{id_}:{period}", account=payer, feature=feature, key=key, is_on=is_on, period=period
        )
        tx.put(PREFERENCE_CHANGES, change)


def _check(tx: Transaction, payer: AccountId, feature: Feature, key: str, *, is_on: bool) -> None:
    if feature in HISTORIES:
        raise Unfit("feature", f"{feature} can only be read.")
    found = next((match for form in _FORMS[feature] if (match := form.fullmatch(key))), None)
    if found is None:
        raise Unfit("key", f"{key} is not a key of {feature}.")
    if key == OPEN and not is_on:
        raise Unfit("key", "Sharing with the whole family ends by turning a group on.")
    named = found.groupdict()
    if named.get("account"):
        _check_account(tx, payer, named["account"])
    if named.get("credit"):
        _check_credit(tx, payer, named["credit"])
    if named.get("category"):
        _check_category(tx, payer, named["category"])


def _check_together(feature: Feature, keys: Sequence[str]) -> None:
    named = {match["benefit"] for key in keys if (match := _BENEFIT.fullmatch(key))}
    credits_ = {match["credit"] for key in keys if (match := _CREDIT_OPTION.fullmatch(key))}
    groups = [key for key in keys if key == OPEN or _GROUP.fullmatch(key)]
    if len(groups) > 1:
        raise Unfit("billingPreferencesPerKey", "Exactly one key may say with which group is shared.")
    if feature is Feature.CREDIT_PREFERENCE_OPTIONS and len(credits_) > 1:
        raise Unfit("billingPreferencesPerKey", "All keys must name the same credit.")
    if feature is Feature.BENEFIT_LEVEL_SHARING:
        parts = {key.split("/sharing/", 1)[1].partition("/")[0] for key in keys}
        if len(named) > 1:
            raise Unfit("billingPreferencesPerKey", "All keys must name the same reservation or Savings Plan.")
        if parts != _BENEFIT_PARTS:
            raise Unfit("billingPreferencesPerKey", "The cost category, the rule and the mode are set together.")


def _check_account(tx: Transaction, payer: AccountId, account: str) -> None:
    if account not in family_of(tx, payer):
        raise Missing(Thing.ACCOUNT, account)


def _check_credit(tx: Transaction, payer: AccountId, credit: str) -> None:
    found = tx.get(CREDITS, credit)
    if found is None or found.account not in family_of(tx, payer):
        raise Missing(Thing.CREDIT, credit)


def _check_category(tx: Transaction, payer: AccountId, arn: str) -> None:
    found = tx.get(COST_CATEGORIES, arn)
    if found is None or found.account != payer:
        raise Missing(Thing.COST_CATEGORY, arn)
