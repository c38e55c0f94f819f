"""Who sees bills: the root user, and the others once the root user lets the policies decide."""

from pathlib import Path

import pytest
from authz.conftest import OWN, World, parsed, root_of

from remit.authn.https import Https
from remit.authz import Refused, authorize
from remit.billing.analysis.bills import LedgerBills
from remit.directory.billing.access import billing_access, set_billing_access
from remit.errors import AccessDenied
from remit.store import Transaction

OUTSIDE, BILLS = Https(allows_local=False), LedgerBills(Path("no-such-folder"))


def test_the_root_user_sees_bills(tx: Transaction) -> None:
    call = authorize(tx, parsed(root_of(OWN), "billing", "ListBillingViews", {}), {}, OUTSIDE, BILLS)

    assert call.operation == "ListBillingViews"


def test_nobody_else_does_before_it_is_switched_on(tx: Transaction, world: World) -> None:
    assert not billing_access(tx, OWN).is_open
    with pytest.raises(AccessDenied) as refused:
        authorize(tx, parsed(world.ana, "billing", "ListBillingViews", {}), {}, OUTSIDE, BILLS)

    assert not isinstance(refused.value, Refused)


def test_then_the_policies_decide(tx: Transaction, world: World) -> None:
    set_billing_access(tx, OWN, is_open=True)

    with pytest.raises(Refused):
        authorize(tx, parsed(world.ana, "billing", "ListBillingViews", {}), {}, OUTSIDE, BILLS)
