"""Credits: shown, redeemed, split, transferred.

Source: AWS Billing API reference, GetCredits, RedeemCredits, SplitCredit and TransferCredit.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from remit.billing.monthly.credit_reach import reach_of
from remit.billing.monthly.gathered import sharing_of
from remit.billing.months import Month
from remit.clock import whole_second
from remit.directory.billing import credits as directory
from remit.directory.billing.credits import Credit, credits_of, known_credit
from remit.directory.billing.facts import Missing, Thing
from remit.directory.billing.payers import family_of, payer_of
from remit.directory.billing.preferences import PREFERENCES, Feature, preferences
from remit.directory.billing.standing import accounts_of, check_payer, check_sees
from remit.ids import AccountId
from remit.request import Call
from remit.services.billing import shapes
from remit.services.billing.errors import wrong_field
from remit.services.billing.registry import operation
from remit.services.client_tokens import ClientTokens
from remit.store import Transaction

_CURRENCY = "USD"
_YEAR = timedelta(days=366)
_TOKENS = ClientTokens(
    "clientToken", lambda: wrong_field("clientToken", "The client token was used with other parameters.")
)


@operation("GetCredits")
def get_credits(call: Call[shapes.GetCreditsRequest], tx: Transaction) -> dict[str, Any]:
    """Show the credits of an account, or of the whole family, that were valid during a time."""
    asked = call.input
    if not (len(asked["accountId"]) == 12 and asked["accountId"].isdigit()):  # noqa: PLR2004  # digits of an account
        raise wrong_field("accountId", "The account id must be twelve digits.")
    account = check_sees(call, tx, asked["accountId"])
    start, end = asked["startDate"], asked.get("endDate", call.at)
    if start > call.at or call.at - start > _YEAR:
        raise wrong_field("startDate", "The start date must be in the past, and within the last year.")
    if end > call.at or end < start:
        raise wrong_field("endDate", "The end date must not be in the future, or before the start date.")
    accounts = accounts_of(call, tx) if asked.get("payerAccountFlag", False) else [account]
    found = [credit for credit in credits_of(tx, accounts) if credit.starts_at <= end and start < credit.ends_at]
    return {"credits": [_shown(tx, credit, call.at) for credit in found]}


def amount(value: Decimal) -> dict[str, str]:
    """Show US dollars as the model has them: at least one place after the point."""
    text = format(value, "f")
    return {"currencyCode": _CURRENCY, "currencyAmount": text if "." in text else f"{text}.00"}


def _shown(tx: Transaction, credit: Credit, at: datetime) -> dict[str, Any]:
    payer = payer_of(tx, credit.account)
    family = family_of(tx, payer)
    month = Month.of(at)
    reach = reach_of(tx, payer, credit, month, family)
    shared = sharing_of(tx, payer, month, family)
    shareable = reach.accounts
    if shareable is None:
        shareable = frozenset(one for one in family if shared.credit_turn(credit.account, one) is not None)
    left = directory.available(tx, credit)
    shown: dict[str, Any] = {
        "creditId": credit.id,
        "accountId": credit.account,
        "creditType": credit.type,
        "initialAmount": amount(credit.amount),
        "remainingAmount": amount(directory.remaining(tx, credit)),
        "estimatedAmount": amount(left),
        "applicableProductNames": list(credit.products),
        "description": credit.description,
        "startDate": whole_second(credit.starts_at),
        "endDate": whole_second(credit.ends_at),
        "exhaustDate": _exhausted(tx, credit),
        "applicationType": "AFTER_DISCOUNTS",
        "shareableAccounts": sorted({*shareable, credit.account}),
        "accountHasCreditSharingEnabled": credit.account not in shared.credits_off,
        "creditSharingType": reach.type.value,
        "costCategoryArn": reach.category or None,
        "ruleName": reach.rule or None,
        "creditStatus": "ENABLED" if reach.is_on else "DISABLED",
        "purchaseTypeApplications": list(credit.purchases) or None,
    }
    return {name: value for name, value in shown.items() if value is not None}


def _exhausted(tx: Transaction, credit: Credit) -> datetime | None:
    """Return the end of the last month that used the credit, if nothing is left of it."""
    if directory.remaining(tx, credit) > 0:
        return None
    months = sorted(month.period for month in tx.select(directory.CREDIT_MONTHS, "credit", credit.id))
    if not months:
        return None
    return Month.parse(months[-1]).end


@operation("RedeemCredits")
def redeem_credits(call: Call[shapes.RedeemCreditsRequest], tx: Transaction) -> dict[str, Any]:
    """Turn a promotional code into a credit of the account."""
    directory.redeem(tx, call.account, call.input["promoCode"], at=call.at)
    return {}


@operation("SplitCredit")
def split_credit(call: Call[shapes.SplitCreditRequest], tx: Transaction) -> dict[str, Any]:
    """Put what is left of a credit into new ones."""
    asked = call.input
    dry = asked.get("dryRun", False)
    if (answer := _TOKENS.answered(call, tx)) is not None:
        return answer
    credit = known_credit(tx, accounts_of(call, tx), asked["creditId"])
    portions = [(Decimal(portion["amount"]), portion.get("description", "")) for portion in asked["portions"]]
    answer = {"parentCreditId": credit.id, "dryRun": dry}
    if dry:
        directory.check_split(tx, credit, portions, at=call.at)
        return {**answer, "childCredits": [{"amount": f"{portion:f}"} for portion, _ in portions]}
    made = directory.split(tx, credit, portions, at=call.at)
    children = [{"creditId": part.id, "amount": f"{part.amount:f}"} for part in made]
    return _TOKENS.noted(call, tx, {**answer, "childCredits": children})


@operation("TransferCredit")
def transfer_credit(call: Call[shapes.TransferCreditRequest], tx: Transaction) -> dict[str, Any]:
    """Give a credit to another account of the family; its sharing settings are gone."""
    asked = call.input
    payer = check_payer(call, tx)
    dry = asked.get("dryRun", False)
    if (answer := _TOKENS.answered(call, tx)) is not None:
        return answer
    family = family_of(tx, payer)
    credit = known_credit(tx, family, asked["creditId"])
    account = asked["destinationAccountId"]
    if account not in family:
        raise Missing(Thing.ACCOUNT, account)
    left = directory.transfer(tx, credit, AccountId(account), at=call.at, is_dry=dry)
    answer = {"sourceCreditId": credit.id, "destinationAccountId": account, "amount": _places(left), "dryRun": dry}
    if dry:
        return answer
    for feature in (Feature.CREDIT_LEVEL_SHARING, Feature.CREDIT_PREFERENCE_OPTIONS):
        for held in preferences(tx, payer, feature):
            if held.key.startswith(f"credit/{credit.id}/") and not held.key.endswith("/status"):
                tx.delete(PREFERENCES, held)
    return _TOKENS.noted(call, tx, {**answer, "newCreditId": credit.id})


def _places(value: Decimal) -> str:
    """Show an amount with at most six places, which is what the model has."""
    return format(value.quantize(Decimal("0.000001")).normalize(), "f")
