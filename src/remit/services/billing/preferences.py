"""Preferences of billing: who shares what.

Source: AWS Billing API reference, GetBillingPreferences and UpdateBillingPreferences.
"""

from collections.abc import Iterator
from typing import Any

from remit.directory.accounts import known_account
from remit.directory.billing import preferences as directory
from remit.directory.billing.credits import credits_of
from remit.directory.billing.payers import family_of, payer_of
from remit.directory.billing.preferences import HISTORIES, NEW_ACCOUNTS, SHARING, Feature
from remit.directory.billing.standing import check_management
from remit.errors import AccessDenied
from remit.ids import AccountId
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import wrong_field
from remit.services.billing.pages import page
from remit.services.billing.registry import operation
from remit.store import Transaction

_PAGE = 50
_ON, _OFF = "ENABLED", "DISABLED"
_FAMILY = frozenset({Feature.RI_SHARING, Feature.CREDIT_SHARING})


@operation("GetBillingPreferences")
def get_billing_preferences(call: Call[shapes.GetBillingPreferencesRequest], tx: Transaction) -> dict[str, Any]:
    """Show the preferences of a feature: what somebody set, and what is so by default."""
    feature = Feature(call.input["features"][0])
    wanted = [value for filter_ in call.input.get("filters", ()) for value in filter_.get("value", ())]
    if feature is Feature.BENEFIT_LEVEL_SHARING and len(wanted) != 1:
        raise wrong_field("filters", "Exactly one reservation or Savings Plan must be named, as benefit/ri/ID.")
    payer = _owner(call, tx, feature)
    found = sorted(_summaries(tx, payer, feature, call.account), key=_place)
    if wanted:
        found = [one for one in found if any(_matches(feature, one["key"], value) for value in wanted)]
    shown, following = page(call, tx, found, _place, _PAGE)
    return {"billingPreferences": shown, **following}


def _owner(call: Call[Any], tx: Transaction, feature: Feature) -> AccountId:
    """Return whose preference the feature is: the family's, or the account's own."""
    if feature is Feature.BILLING_ALERTS:
        return call.account
    if feature is Feature.CREDIT_PREFERENCE_OPTIONS:
        return payer_of(tx, call.account)
    return check_management(call, tx)


def _matches(feature: Feature, key: str, value: str) -> bool:
    return key.startswith(f"{value}/") if feature is Feature.BENEFIT_LEVEL_SHARING else key == value


def _place(summary: dict[str, Any]) -> str:
    month = summary.get("billingPeriod")
    # The newest month first: the years of the model end with 2120.
    newest = "" if month is None else f"{9999 - month['year']:04}{12 - month['month']:02}"
    return f"{newest}{summary['key']}"


def _summaries(tx: Transaction, payer: AccountId, feature: Feature, caller: AccountId) -> Iterator[dict[str, Any]]:
    if feature in HISTORIES:
        for change in directory.changes(tx, payer, HISTORIES[feature]):
            year, month = map(int, change.period.split("-"))
            yield {
                **_summary(tx, feature, change.key, is_on=change.is_on),
                "billingPeriod": {"year": year, "month": month},
            }
        return
    held = {preference.key: preference.is_on for preference in directory.preferences(tx, payer, feature)}
    if feature in _FAMILY:
        sharing = directory.sharing(tx, payer, feature)
        shown_keys: dict[str, bool] = {NEW_ACCOUNTS: held.get(NEW_ACCOUNTS, True), sharing.group: True}
        shown_keys |= {str(account): account not in sharing.off for account in family_of(tx, payer)}
    elif feature is Feature.CREDIT_PREFERENCE_OPTIONS:
        seen = family_of(tx, caller)
        ids = [credit.id for credit in credits_of(tx, seen)]
        shown_keys = {f"credit/{id_}/status": True for id_ in ids}
        shown_keys |= {key: is_on for key, is_on in held.items() if key.split("/")[1] in ids}
    elif feature is Feature.BILLING_ALERTS:
        shown_keys = {directory.ALERTS: False, **held}
    else:
        shown_keys = held
    for key, is_on in shown_keys.items():
        yield _summary(tx, feature, key, is_on=is_on)


def _summary(tx: Transaction, feature: Feature, key: str, *, is_on: bool) -> dict[str, Any]:
    summary: dict[str, Any] = {"feature": str(feature), "key": key, "value": _ON if is_on else _OFF}
    account = key if key.isdigit() else key.rpartition("/account/")[2] if "/account/" in key else ""
    if account:
        summary |= {"accountId": account, "accountName": known_account(tx, AccountId(account)).name[:_PAGE] or account}
    return summary


@operation("UpdateBillingPreferences")
def update_billing_preferences(call: Call[shapes.UpdateBillingPreferencesRequest], tx: Transaction) -> dict[str, Any]:
    """Set preferences: those of sharing as the management account, the status of a credit as its owner, too."""
    feature = Feature(call.input["feature"])
    given = [(entry["key"], entry["value"] == _ON) for entry in call.input["billingPreferencesPerKey"]]
    payer = _setter(call, tx, feature, [key for key, _ in given])
    directory.set_preferences(tx, payer, feature, given, at=call.at)
    return {}


def _setter(call: Call[Any], tx: Transaction, feature: Feature, keys: list[str]) -> AccountId:
    if feature in SHARING or feature in HISTORIES:
        return check_management(call, tx)
    if feature is Feature.BILLING_ALERTS:
        return call.account
    payer = payer_of(tx, call.account)
    if payer != call.account:
        own = {credit.id for credit in credits_of(tx, [call.account])}
        for key in keys:
            _, _, rest = key.partition("credit/")
            id_, _, option = rest.partition("/")
            if option != "status" or id_ not in own:
                raise AccessDenied(f"Only the management account can set {key}.")
    return payer
