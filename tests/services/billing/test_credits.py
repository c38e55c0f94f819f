"""Credits: what is left of them, what becomes of them, and that none is ever used for more than it is worth."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from bills import MEMBER, PAYER, STRANGER, Family, at, said
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st
from services.billing.rows import promoted

from remit.directory.billing.credits import CREDITS, available, record_uses, remaining
from remit.directory.billing.facts import Hindered

SINCE = {"startDate": at("2026-01-01")}


@pytest.fixture
def billing(family: Family) -> Any:
    return family.client("billing")


def uses(family: Family, period: str, credit: str, *amounts: str, is_final: bool = False) -> None:
    parts = [(MEMBER, "AmazonEC2", Decimal(amount)) for amount in amounts]
    family.remit.change(lambda tx: record_uses(tx, PAYER, period, {credit: parts}, is_final=is_final))


def shown(client: Any, account: str = PAYER, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get_credits(accountId=account, **SINCE, **more)["credits"]
    return found


def test_what_open_and_closed_bills_use_is_told_apart(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    uses(family, "2026-01", credit, "100", is_final=True)
    uses(family, "2026-03", credit, "30.5")

    one = shown(billing)[0]

    assert {name: one[name]["currencyAmount"] for name in ("initialAmount", "remainingAmount", "estimatedAmount")} == {
        "initialAmount": "500.00",
        "remainingAmount": "400.00",
        "estimatedAmount": "369.5",
    }
    assert one["shareableAccounts"] == [PAYER, MEMBER]
    assert one["creditStatus"] == "ENABLED"


def test_a_month_that_is_billed_again_takes_back_what_it_took(family: Family, billing: Any) -> None:
    credit = family.credit("100")
    uses(family, "2026-03", credit, "100")
    uses(family, "2026-03", credit, "40")

    assert shown(billing)[0]["estimatedAmount"]["currencyAmount"] == "60.00"


def test_a_closed_month_stays_as_it_is(family: Family) -> None:
    credit = family.credit("100")
    uses(family, "2026-02", credit, "10", is_final=True)

    with pytest.raises(Hindered):
        uses(family, "2026-02", credit, "20")


@given(amounts=st.lists(st.integers(0, 60), min_size=1, max_size=6))
def test_a_credit_never_pays_more_than_its_amount(amounts: Sequence[int], family: Family) -> None:
    credit = family.credit("100")

    for month, amount in enumerate(amounts, 1):
        try:
            uses(family, f"2026-{month:02}", credit, str(amount))
        except Hindered:
            assert amount > 100 - sum(_kept(family, credit))

    assert sum(_kept(family, credit)) <= 100


def _kept(family: Family, credit: str) -> list[Decimal]:
    def left(tx: Any) -> Decimal:
        found = tx.get(CREDITS, credit)
        return found.amount - available(tx, found)

    return [family.remit.change(left)]


def test_at_once_a_credit_is_split_once(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    portions = [{"amount": "200"}, {"amount": "300"}]
    split = [lambda: family.client("billing").split_credit(creditId=credit, portions=portions)] * 6

    answers = family.remit.at_once(*split)

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400, 400]
    assert sum(Decimal(one["estimatedAmount"]["currencyAmount"]) for one in shown(billing)) == 500


def test_at_once_a_code_is_redeemed_once(family: Family, billing: Any) -> None:
    asked = promoted(family)

    answers = family.remit.at_once(*[lambda: family.client("billing").redeem_credits(**asked)] * 5)

    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400, 400]
    assert [one["initialAmount"]["currencyAmount"] for one in shown(billing)] == ["25.00"]


@pytest.mark.parametrize(
    ("amounts", "is_right"),
    [
        (["100", "400"], True),
        (["99.999999", "400.000001"], False),
        (["250", "250.01"], False),
        (["100", "100", "100", "100", "100"], True),
    ],
)
def test_portions_are_large_enough_and_add_up(
    family: Family, billing: Any, amounts: list[str], *, is_right: bool
) -> None:
    asked = {"creditId": family.credit("500"), "portions": [{"amount": amount} for amount in amounts]}
    if not is_right:
        with pytest.raises(ClientError) as error:
            billing.split_credit(**asked)
        assert error.value.response["Error"]["Code"] == "ValidationException"
        return

    made = billing.split_credit(**asked)

    assert [child["amount"] for child in made["childCredits"]] == amounts
    assert sorted(one["initialAmount"]["currencyAmount"] for one in shown(billing) if one["description"]) == sorted(
        ["500.00", *(f"{amount}.00" for amount in amounts)]
    )


def test_what_an_open_bill_uses_stays_with_the_credit_that_is_split(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    uses(family, "2026-03", credit, "100")

    billing.split_credit(creditId=credit, portions=[{"amount": "200"}, {"amount": "200"}])

    parent = next(one for one in shown(billing) if one["creditId"] == credit)
    assert parent["estimatedAmount"]["currencyAmount"] == "0.00"
    assert family.remit.change(lambda tx: remaining(tx, tx.get(CREDITS, credit))) == 100


def test_the_same_token_splits_once_and_another_question_is_refused(family: Family, billing: Any) -> None:
    asked = {"creditId": family.credit("500"), "portions": [{"amount": "250"}] * 2, "clientToken": "once"}

    assert said(billing.split_credit(**asked)) == said(billing.split_credit(**asked))
    with pytest.raises(ClientError) as error:
        billing.split_credit(**{**asked, "portions": [{"amount": "125"}] * 4})
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_a_dry_run_changes_nothing(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    before = shown(billing)

    split = billing.split_credit(creditId=credit, portions=[{"amount": "250"}] * 2, dryRun=True)
    moved = billing.transfer_credit(creditId=credit, destinationAccountId=MEMBER, dryRun=True)

    assert split["childCredits"] == [{"amount": "250"}] * 2
    assert "newCreditId" not in moved
    assert shown(billing) == before


def test_a_transfer_changes_the_owner_and_forgets_who_shares(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    key = f"credit/{credit}/account/{MEMBER}"
    billing.update_billing_preferences(
        feature="CREDIT_LEVEL_SHARING", billingPreferencesPerKey=[{"key": key, "value": "DISABLED"}]
    )
    assert shown(billing)[0]["shareableAccounts"] == [PAYER]

    moved = billing.transfer_credit(creditId=credit, destinationAccountId=MEMBER)

    assert said(moved) == {
        "sourceCreditId": credit,
        "newCreditId": credit,
        "destinationAccountId": MEMBER,
        "amount": "500",
        "dryRun": False,
    }
    one = shown(billing, MEMBER)[0]
    assert (one["accountId"], one["creditSharingType"]) == (MEMBER, "DEFAULT")


def test_a_member_sees_its_own_and_its_payer_all(family: Family, billing: Any) -> None:
    own, other = family.credit(account=MEMBER), family.credit()
    member = family.client("billing", family.member)

    assert [one["creditId"] for one in shown(member, MEMBER)] == [own]
    assert {one["creditId"] for one in shown(billing, payerAccountFlag=True)} == {own, other}
    for account in (PAYER, STRANGER):
        with pytest.raises(ClientError) as error:
            shown(member, account)
        assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    with pytest.raises(ClientError) as error:
        member.transfer_credit(creditId=own, destinationAccountId=PAYER)
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"


def test_history_says_what_was_paid_where(family: Family, billing: Any) -> None:
    credit = family.credit("500")
    uses(family, "2026-01", credit, "10", is_final=True)
    uses(family, "2026-03", credit, "20", "5")

    found = billing.get_credit_allocation_history(
        accountId=MEMBER, startDate=at("2026-01-01"), endDate=at("2026-04-01")
    )

    entries = [
        (one["billingMonth"], one["creditAmount"]["currencyAmount"], one["isEstimatedBill"])
        for one in found["creditAllocationHistoryList"]
    ]
    assert entries == [("2026-03", "20.00", True), ("2026-03", "5.00", True), ("2026-01", "10.00", False)]
    assert json.dumps(found["partialResults"]) == "false"
