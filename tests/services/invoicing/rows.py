"""A row for each operation of AWS Invoicing: an input that succeeds, and one for each error that it can come to."""

from collections.abc import Callable
from typing import Any

from bills import MEMBER, PAYER, STRANGER, Family, at, line, written
from services.every_operation import Given, Row, same

from remit.billing.lines import Line
from remit.directory.one_time_codes import MESSAGES

INVALID, MISSING, CONFLICT, QUOTA, THROTTLED = (
    "ValidationException",
    "ResourceNotFoundException",
    "ConflictException",
    "ServiceQuotaExceededException",
    "ThrottlingException",
)
NUMBER = f"R-202602-{PAYER}"
NO_NUMBER = f"R-202601-{PAYER}"
NO_UNIT = f"arn:aws:invoicing::{PAYER}:invoice-unit/none0000"
NO_PREFERENCE = f"arn:aws:invoicing::{PAYER}:procurement-portal-preference/none"
UNIT = {"Name": "Research", "InvoiceReceiver": MEMBER, "Rule": {"LinkedAccounts": [MEMBER]}}
ARN = "ProcurementPortalPreferenceArn"
DELIVERY = {
    "EinvoiceDeliveryDocumentTypes": ["AWS_CLOUD_INVOICE"],
    "Protocol": "CXML",
    "PurchaseOrderDataSources": [],
    "ConnectionTestingMethod": "PROD_ENV_DOLLAR_TEST",
    "EinvoiceDeliveryActivationDate": at("2026-04-01"),
}
KEPT = {
    "EinvoiceDeliveryEnabled": True,
    "EinvoiceDeliveryPreference": DELIVERY,
    "PurchaseOrderRetrievalEnabled": False,
    "Contacts": [{"Name": "Ana", "Email": "ana@example.com"}],
}
ENDS = {
    "ProcurementPortalName": "COUPA",
    "BuyerDomain": "NetworkID",
    "BuyerIdentifier": "buyer-1",
    "SupplierDomain": "NetworkID",
    "SupplierIdentifier": "supplier-1",
}
PREFERENCE = {**ENDS, **KEPT}


def lines() -> list[Line]:
    """Return a closed month of a member and its payer."""
    return [line(1, "2026-02-01", "1.25"), line(2, "2026-02-02", "2", account=PAYER)]


def unit(family: Family, **members: Any) -> str:
    """Make an invoice unit; return its ARN."""
    made: str = family.client("invoicing").create_invoice_unit(**{**UNIT, **members})["InvoiceUnitArn"]
    return made


def of_unit(**members: Any) -> Given:
    return lambda family: {"InvoiceUnitArn": unit(family), **members}


def preference(family: Family, **members: Any) -> str:
    """Make a preference; return its ARN."""
    made: str = family.client("invoicing").create_procurement_portal_preference(**{**PREFERENCE, **members})[ARN]
    return made


def of_preference(**members: Any) -> Given:
    return lambda family: {ARN: preference(family), **members}


def code(family: Family) -> str:
    """Return the code that was sent last."""
    found: str = family.remit.change(lambda tx: tx.all(MESSAGES)[0].code(tx.keyring).reveal())
    return found


def sent(**members: Any) -> Given:
    """Return what names a preference whose code was sent."""

    def given(family: Family) -> dict[str, Any]:
        arn = preference(family)
        family.client("invoicing").send_procurement_portal_validation(**{ARN: arn})
        return {ARN: arn, "Code": code(family), **members}

    return given


def validated(**members: Any) -> Given:
    """Return what names a preference that is validated."""

    def given(family: Family) -> dict[str, Any]:
        one = sent()(family)
        family.client("invoicing").verify_procurement_portal_validation(**one)
        return {ARN: one[ARN], **members}

    return given


def billed(**members: Any) -> Given:
    """Return *members*, once there is a closed month."""

    def given(family: Family) -> dict[str, Any]:
        written(family.remit.folder, lines(), closed=["2026-02"])
        return members

    return given


def after(make: Callable[[Family], Any], **members: Any) -> Given:
    """Return an input that is given once something was made."""

    def given(family: Family) -> dict[str, Any]:
        make(family)
        return members

    return given


def sent_thrice(family: Family) -> dict[str, Any]:
    arn = preference(family)
    for _ in range(3):
        family.client("invoicing").send_procurement_portal_validation(**{ARN: arn})
    return {ARN: arn}


def tags(count: int, prefix: str = "k") -> list[dict[str, str]]:
    return [{"Key": f"{prefix}{number}", "Value": ""} for number in range(count)]


def full_of_tags(family: Family) -> dict[str, Any]:
    return {"ResourceArn": unit(family, ResourceTags=tags(200)), "ResourceTags": tags(1, "more")}


def _of_account(value: str, **members: Any) -> dict[str, Any]:
    return {"Selector": {"ResourceType": "ACCOUNT_ID", "Value": value}, **members}


def _numbered(value: str) -> dict[str, Any]:
    return {"Selector": {"ResourceType": "INVOICE_ID", "Value": value}}


_TAGS = [{"Key": "team", "Value": "red"}]
ROWS: dict[str, Row] = {
    "BatchGetInvoiceProfile": Row(same(AccountIds=[PAYER, MEMBER]), {INVALID: same(AccountIds=[STRANGER])}),
    "CreateInvoiceUnit": Row(
        same(**UNIT, ResourceTags=_TAGS), {INVALID: same(**{**UNIT, "InvoiceReceiver": STRANGER})}
    ),
    "CreateProcurementPortalPreference": Row(
        same(**PREFERENCE),
        {
            INVALID: same(**{**PREFERENCE, "ProcurementPortalInstanceEndpoint": "http://example.com"}),
            CONFLICT: after(preference, **PREFERENCE),
            QUOTA: same(**PREFERENCE),
        },
    ),
    "DeleteInvoiceUnit": Row(of_unit(), {MISSING: same(InvoiceUnitArn=NO_UNIT)}),
    "DeleteProcurementPortalPreference": Row(of_preference(), {MISSING: same(**{ARN: NO_PREFERENCE})}),
    "GetInvoicePDF": Row(billed(InvoiceId=NUMBER), {MISSING: billed(InvoiceId=NO_NUMBER)}),
    "GetInvoiceUnit": Row(
        of_unit(),
        {
            MISSING: of_unit(AsOf=at("2026-03-20T11:59")),
            INVALID: of_unit(AsOf=at("2026-03-20T12:01")),
        },
    ),
    "GetProcurementPortalPreference": Row(of_preference(), {MISSING: same(**{ARN: NO_PREFERENCE})}),
    "ListInvoiceSummaries": Row(
        billed(**_of_account(PAYER)),
        {
            INVALID: billed(**_of_account("payer")),
            MISSING: billed(**_numbered(NO_NUMBER)),
        },
    ),
    "ListInvoiceUnits": Row(same(), {INVALID: same(NextToken="x")}),
    "ListProcurementPortalPreferences": Row(same(), {INVALID: same(NextToken="x")}),
    "ListProcurementPortalSuppliers": Row(
        same(PortalIdentifier="COUPA"),
        {MISSING: same(PortalIdentifier="NONE"), INVALID: same(PortalIdentifier="COUPA", NextToken="x")},
    ),
    "ListProcurementPortals": Row(same(), {INVALID: same(NextToken="x")}),
    "ListTagsForResource": Row(
        lambda family: {"ResourceArn": unit(family)}, {MISSING: same(ResourceArn=NO_PREFERENCE)}
    ),
    "PutProcurementPortalPreference": Row(
        of_preference(**KEPT),
        {
            MISSING: same(**{ARN: NO_PREFERENCE}, **KEPT),
            INVALID: of_preference(**{**KEPT, "Selector": {"InvoiceUnitArns": [NO_UNIT]}}),
        },
    ),
    "SendProcurementPortalValidation": Row(
        of_preference(),
        {
            MISSING: same(**{ARN: NO_PREFERENCE}),
            INVALID: lambda family: {ARN: preference(family, Contacts=[{"Name": "Ana"}])},
            THROTTLED: sent_thrice,
        },
    ),
    "TagResource": Row(
        lambda family: {"ResourceArn": preference(family), "ResourceTags": _TAGS},
        {
            MISSING: same(ResourceArn=NO_UNIT, ResourceTags=[]),
            INVALID: lambda family: {"ResourceArn": unit(family), "ResourceTags": [{"Key": "aws:x", "Value": ""}]},
            QUOTA: full_of_tags,
        },
    ),
    "UntagResource": Row(
        lambda family: {"ResourceArn": unit(family, ResourceTags=_TAGS), "ResourceTagKeys": ["team"]},
        {MISSING: same(ResourceArn=NO_UNIT, ResourceTagKeys=[])},
    ),
    "UpdateInvoiceUnit": Row(
        of_unit(Description="All of research", Rule={"LinkedAccounts": [MEMBER, PAYER]}),
        {
            MISSING: same(InvoiceUnitArn=NO_UNIT),
            INVALID: of_unit(Rule={"LinkedAccounts": []}),
        },
    ),
    "UpdateProcurementPortalPreferenceStatus": Row(
        validated(EinvoiceDeliveryPreferenceStatus="ACTIVE"),
        {
            MISSING: same(**{ARN: NO_PREFERENCE}, EinvoiceDeliveryPreferenceStatus="ACTIVE"),
            CONFLICT: of_preference(EinvoiceDeliveryPreferenceStatus="ACTIVE"),
            INVALID: of_preference(),
        },
    ),
    "VerifyProcurementPortalValidation": Row(
        sent(),
        {MISSING: same(**{ARN: NO_PREFERENCE}, Code="AAAAAA"), INVALID: sent(Code="no")},
    ),
}
