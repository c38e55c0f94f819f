"""A row for each operation of AWS Billing."""

from decimal import Decimal
from typing import Any

from bills import MEMBER, PAYER, STRANGER, Family, at, line, written
from services.every_operation import Given, Row, same

from remit.billing.lines import LineType
from remit.directory.billing.credits import Promotion, offer

INVALID, MISSING, CONFLICT, QUOTA, HEALTH = (
    "ValidationException",
    "ResourceNotFoundException",
    "ConflictException",
    "ServiceQuotaExceededException",
    "BillingViewHealthStatusException",
)
PRIMARY = f"arn:aws:billing::{PAYER}:billingview/primary"
NO_VIEW = f"arn:aws:billing::{PAYER}:billingview/custom-none"
CONTRACT = f"arn:aws:billing::{PAYER}:contract/none"
ONE_CONTRACT = {"contractArn": CONTRACT}
ATTESTATION = {
    **ONE_CONTRACT,
    "investmentSummaryId": "s",
    "investmentId": "i",
    "contractDocumentId": "d",
    "approverDetails": {"name": "Ana", "title": "CFO", "email": "ana@example.com"},
    "attestationDetails": {"attestationValue": {"attestationAmount": {"currencyCode": "USD", "currencyAmount": "1.0"}}},
}


def view(family: Family, **more: Any) -> str:
    made = family.client("billing").create_billing_view(name="Ours", sourceViews=[PRIMARY], **more)
    return str(made["arn"])


def ours(**members: Any) -> Given:
    return lambda family: {"arn": view(family), **members}


def tagged(**members: Any) -> Given:
    return lambda family: {"resourceArn": view(family), **members}


def again(family: Family) -> dict[str, Any]:
    view(family, clientToken="token-1")
    return {"name": "Other", "sourceViews": [PRIMARY], "clientToken": "token-1"}


def derived(family: Family) -> dict[str, Any]:
    below = view(family)
    family.client("billing").create_billing_view(name="Above", sourceViews=[below])
    return {"arn": below}


def cycle(family: Family) -> dict[str, Any]:
    first = view(family)
    second = family.client("billing").create_billing_view(name="Above", sourceViews=[first])["arn"]
    return {"arn": first, "sourceViews": [second]}


def split(*amounts: str, amount: str = "500", **members: Any) -> Given:
    def given(family: Family) -> dict[str, Any]:
        portions = [{"amount": one} for one in amounts]
        return {"creditId": family.credit(amount, **members), "portions": portions}

    return given


def split_before(family: Family) -> dict[str, Any]:
    asked = split("100", "400")(family)
    family.client("billing").split_credit(**asked)
    return asked


def transfer(to: str = MEMBER, **members: Any) -> Given:
    return lambda family: {"creditId": family.credit(**members), "destinationAccountId": to}


def promoted(family: Family) -> dict[str, Any]:
    offered = Promotion(
        id="WELCOME", account=PAYER, amount=Decimal(25), description="Hello", days=30, ends_at=at("2027-01-01")
    )
    family.remit.change(lambda tx: offer(tx, offered))
    return {"promoCode": "WELCOME"}


def supported(plan: str, **asked: Any) -> Given:
    def given(family: Family) -> dict[str, Any]:
        charge = line(2, "2026-02-01", "29", line_type=LineType.FEE, service=plan, usage_type=plan)
        written(family.remit.folder, [line(1, "2026-02-03", "100"), charge])
        return {"billingMonth": "2026-02", **asked}

    return given


BUSINESS, ENTERPRISE = supported("AWSSupportBusiness"), supported("AWSSupportEnterprise")
NO_MONTH, ODD_MONTH = same(billingMonth="2026-02"), same(billingMonth="2026-13")
FEBRUARY = {"startDate": at("2026-02-01"), "endDate": at("2026-03-01")}


def about_contract(**members: Any) -> Row:
    given = {**ONE_CONTRACT, **members}
    return Row(None, {MISSING: same(**given), INVALID: same(**{**given, "contractArn": "x"})})


ROWS: dict[str, Row] = {
    "AssociateContract": about_contract(contractDocumentId="d"),
    "AssociateSourceViews": Row(
        lambda family: {"arn": view(family), "sourceViews": [view(family)]},
        {
            INVALID: same(arn=PRIMARY, sourceViews=[NO_VIEW]),
            MISSING: same(arn=NO_VIEW, sourceViews=[PRIMARY]),
            HEALTH: cycle,
        },
    ),
    "CancelContractualInvestmentAttestation": about_contract(attestationId="a", reason="r"),
    "CreateBillingView": Row(
        same(name="Ours", sourceViews=[PRIMARY], resourceTags=[{"key": "team", "value": "red"}]),
        {
            INVALID: same(name="Ours", sourceViews=[PRIMARY, PRIMARY]),
            MISSING: same(name="Ours", sourceViews=[NO_VIEW]),
            CONFLICT: again,
            QUOTA: same(name="Ours", sourceViews=[PRIMARY]),  # the test lowers the quota
            HEALTH: same(name="Ours", sourceViews=[f"arn:aws:billing::{STRANGER}:billingview/primary"]),
        },
    ),
    "CreateContractualInvestmentAttestation": Row(None, {MISSING: same(**ATTESTATION)}),
    "DeleteBillingView": Row(ours(), {INVALID: same(arn=PRIMARY), CONFLICT: derived}),
    "DisassociateContract": about_contract(),
    "DisassociateSourceViews": Row(
        lambda family: {
            "arn": view(family, description="two")
            and family.client("billing").create_billing_view(name="Two", sourceViews=[PRIMARY, view(family)])["arn"],
            "sourceViews": [PRIMARY],
        },
        {INVALID: ours(sourceViews=[PRIMARY]), MISSING: ours(sourceViews=[NO_VIEW])},
    ),
    "GetBillingPreferences": Row(same(features=["RI_SHARING"]), {INVALID: same(features=["BENEFIT_LEVEL_SHARING"])}),
    "GetBillingView": Row(ours(), {INVALID: same(arn="x"), MISSING: same(arn=NO_VIEW)}),
    "GetContractInformation": about_contract(),
    "GetCreditAllocationHistory": Row(
        same(accountId=MEMBER, **FEBRUARY),
        {INVALID: same(accountId=MEMBER, startDate=at("2026-03-01"), endDate=at("2026-02-01"))},
    ),
    "GetCredits": Row(
        same(accountId=MEMBER, startDate=at("2026-01-01")), {INVALID: same(accountId="1", startDate=at("2026-01-01"))}
    ),
    "GetEnterpriseSupportChargeSummary": Row(ENTERPRISE, {INVALID: ODD_MONTH, MISSING: NO_MONTH}),
    "GetEnterpriseSupportContractDetails": Row(ENTERPRISE, {INVALID: ODD_MONTH, MISSING: NO_MONTH}),
    "GetResourcePolicy": Row(tagged(), {INVALID: same(resourceArn="x"), MISSING: same(resourceArn=NO_VIEW)}),
    "ListBillingViewSegments": Row(same(), {INVALID: ours(), MISSING: same(arn=NO_VIEW)}),
    "ListBillingViews": Row(same(), {INVALID: same(nextToken="x")}),
    "ListBusinessSupportAccountCharges": Row(BUSINESS, {INVALID: ODD_MONTH, MISSING: NO_MONTH}),
    "ListBusinessSupportSubscriptionHistory": Row(
        BUSINESS, {INVALID: same(startDate=at("2026-02-01"), endDate=at("2026-01-01"))}
    ),
    "ListContracts": Row(same(), {INVALID: same(nextToken="x")}),
    "ListContractualInvestmentAttestations": about_contract(),
    "ListContractualInvestmentSummaries": about_contract(),
    "ListContractualInvestments": about_contract(investmentSummaryId="s"),
    "ListEnterpriseSupportLinkedAccountCharges": Row(ENTERPRISE, {INVALID: ODD_MONTH, MISSING: NO_MONTH}),
    "ListSourceViewsForBillingView": Row(ours(), {INVALID: same(arn=PRIMARY), MISSING: same(arn=NO_VIEW)}),
    "ListTagsForResource": Row(tagged(), {INVALID: same(resourceArn="x"), MISSING: same(resourceArn=NO_VIEW)}),
    "RedeemCredits": Row(promoted, {INVALID: same(promoCode="UNKNOWN")}),
    "SplitCredit": Row(
        split("100", "400"),
        {
            INVALID: split("99.99", "400.01"),
            MISSING: same(creditId="1", portions=[{"amount": "100"}, {"amount": "100"}]),
            CONFLICT: split_before,
        },
    ),
    "TagResource": Row(
        tagged(resourceTags=[{"key": "team", "value": "red"}]),
        {
            INVALID: tagged(resourceTags=[{"key": "aws:team", "value": "red"}]),
            MISSING: same(resourceArn=NO_VIEW, resourceTags=[{"key": "team"}]),
        },
    ),
    "TransferCredit": Row(
        transfer(),
        {
            INVALID: same(creditId="x", destinationAccountId=MEMBER),
            MISSING: transfer(to=STRANGER),
            CONFLICT: transfer(to=PAYER),
        },
    ),
    "UntagResource": Row(
        tagged(resourceTagKeys=["team"]),
        {
            INVALID: same(resourceArn=PRIMARY, resourceTagKeys=["team"]),
            MISSING: same(resourceArn=NO_VIEW, resourceTagKeys=["team"]),
        },
    ),
    "UpdateBillingPreferences": Row(
        same(feature="RI_SHARING", billingPreferencesPerKey=[{"key": MEMBER, "value": "DISABLED"}]),
        {INVALID: same(feature="RI_SHARING", billingPreferencesPerKey=[{"key": "all", "value": "DISABLED"}])},
    ),
    "UpdateBillingView": Row(
        ours(name="Other"), {INVALID: same(arn=PRIMARY, name="Other"), MISSING: same(arn=NO_VIEW, name="Other")}
    ),
}
