"""Who may ask for prices: everybody, whoever sees bills."""

import pytest
from bills import MEMBER, PAYER, Family
from services.every_operation import asked
from services.pricing.rows import ROWS

from remit.directory.billing.access import set_billing_access


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("name", ROWS)
def test_prices_are_no_secret_of_bills(family: Family, name: str) -> None:
    for account in (PAYER, MEMBER):
        family.remit.change(lambda tx, account=account: set_billing_access(tx, account, is_open=False))

    for who in (family.admin, family.member, family.stranger):
        assert (
            asked(family.client("pricing", who), name, ROWS[name].valid(family))["ResponseMetadata"]["HTTPStatusCode"]
            == 200
        )
