"""A row for each operation of AWS Price List."""

from bills import Family, at
from services.every_operation import Row, same

from remit.billing.ledger.price_shelf import PriceShelf, price_folder, sample_offers

INVALID, UNKNOWN, MISSING, TOKEN = (
    "InvalidParameterException",
    "NotFoundException",
    "ResourceNotFoundException",
    "InvalidNextTokenException",
)
S3 = {"ServiceCode": "AmazonS3"}
NONE = {"ServiceCode": "AmazonNone"}
LISTS = {"EffectiveDate": at("2026-03-01"), "CurrencyCode": "USD"}
ARN = "arn:aws:pricing:::price-list/aws/AmazonS3/USD/20250101000000/us-east-1"
FILE = {"PriceListArn": ARN, "FileFormat": "json"}
ROWS: dict[str, Row] = {
    "DescribeServices": Row(
        same(), {INVALID: same(FormatVersion="aws_v2"), UNKNOWN: same(**NONE), TOKEN: same(NextToken="x")}
    ),
    "GetAttributeValues": Row(
        same(**S3, AttributeName="usagetype"),
        {
            UNKNOWN: same(**S3, AttributeName="engine"),
            TOKEN: same(**S3, AttributeName="usagetype", NextToken="x"),
        },
    ),
    "GetPriceListFileUrl": Row(
        same(**FILE),
        {INVALID: same(**{**FILE, "FileFormat": "xml"}), MISSING: same(**{**FILE, "PriceListArn": f"{ARN}x"})},
    ),
    "GetProducts": Row(
        same(**S3), {INVALID: same(**S3, FormatVersion="x"), UNKNOWN: same(**NONE), TOKEN: same(**S3, NextToken="x")}
    ),
    "ListPriceLists": Row(
        same(**S3, **LISTS),
        {
            MISSING: same(**NONE, **LISTS),
            TOKEN: same(**S3, **LISTS, NextToken="x"),
            INVALID: same(**{**S3, **LISTS, "CurrencyCode": "usd"}),
        },
    ),
}


def sampled(family: Family) -> None:
    """Give the store the sample that comes with Remit."""
    shelf = PriceShelf(price_folder(family.remit.folder))
    for content in sample_offers():
        shelf.add_content(content)
