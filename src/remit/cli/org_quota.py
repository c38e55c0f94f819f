"""`remit org quota`."""

from pathlib import Path

import click
import msgspec

from remit.cli.account import run
from remit.cli.frame import framed
from remit.cli.options import data_option, open_store
from remit.cli.org_export import chosen_organization
from remit.cli.output import Failed, Say, json_option
from remit.directory.facts import LIMITS, ORGANIZATION_QUOTAS, Quota
from remit.directory.organizations import ORGANIZATIONS, Organization
from remit.store import Answer, Transaction

_USED_WRONGLY = 2


@framed("quota", "remit org quota AccountsPerOrganization 1000")
@click.argument("name", required=False)
@click.argument("value", required=False, type=click.IntRange(min=0))
@click.option("--account", help="An account of the organization; needed when the store holds several.")
@data_option
@json_option
def quota(*, name: str | None, value: int | None, account: str | None, data: Path | None, as_json: bool) -> None:
    """Show what an organization may have, or let it have VALUE of NAME from the next request on.

    What new organizations of a server begin with is the setting `org_quotas`.
    """
    if name is not None and name not in ORGANIZATION_QUOTAS:
        known = ", ".join(ORGANIZATION_QUOTAS)
        raise Failed(f"organizations have no quota `{name}`; they have {known}", _USED_WRONGLY)
    _, database = open_store(None, data)

    def work(tx: Transaction) -> Answer[Organization]:
        organization = chosen_organization(tx, account)
        if name is not None and value is not None:
            organization = msgspec.structs.replace(organization, quotas={**organization.quotas, name: value})
            tx.put(ORGANIZATIONS, organization)
        return Answer(organization)

    organization = run(database, work)
    shown = [Quota(name)] if name is not None else list(ORGANIZATION_QUOTAS)
    if as_json:
        Say.json({str(one): organization.limit(one) for one in shown})
        return
    rows = [(one, organization.limit(one), LIMITS[one] if one in organization.quotas else "") for one in shown]
    Say.table(("quota", "value", "by default"), rows)
