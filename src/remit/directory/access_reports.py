"""Reports of who last used which services: made once, read for a week.

Source: IAM User Guide, "Refine permissions in AWS using last accessed information"; `iam-sts` reference, section 15.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from remit.directory.facts import NotFound, Noun
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

# How far back uses are told.
TRACKED = timedelta(days=400)
_KEPT = timedelta(days=7)


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to use a service or an action.

    Attributes:
        by: unique id of the user or role; for reports of an organization, the account.
    """

    by: str
    at: datetime
    region: str


class ServiceUse(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A service that the report is about.

    Attributes:
        prefix: in actions, `s3`.
        uses: the newest use of each who used it, the newest first.
        actions: name of an action -> its newest use.
    """

    prefix: str
    uses: tuple[Use, ...] = ()
    actions: dict[str, Use] = {}


class AccessReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A report.

    Attributes:
        reader: unique id of the user or role that asked for it, the account id for root: nobody else may read it.
        granularity: `SERVICE_LEVEL` or `ACTION_LEVEL`; empty for reports of an organization.
        entities: unique ids of the users and roles that it is about.
        entity_path: of an organization's report.
        services: by prefix.
        failure: why there is no report; empty when there is one.
    """

    id: str
    account: AccountId
    reader: str
    created_at: datetime
    granularity: str = ""
    entities: tuple[str, ...] = ()
    entity_path: str = ""
    services: tuple[ServiceUse, ...] = ()
    failure: str = ""


ACCESS_REPORTS = Kind("access_report", AccessReport, groups={"account": lambda report: (report.account,)})


def create_report(
    tx: Transaction,
    account: AccountId,
    reader: str,
    *,
    at: datetime,
    granularity: str = "",
    entities: Iterable[str] = (),
    entity_path: str = "",
    services: Iterable[ServiceUse] = (),
    failure: str = "",
) -> AccessReport:
    """Keep a report; those of the account that are older than a week go."""
    for held in tx.select(ACCESS_REPORTS, "account", account):
        if at - held.created_at > _KEPT:
            tx.delete(ACCESS_REPORTS, held)
    report = AccessReport(
        id=new_uuid(),
        account=account,
        reader=reader,
        created_at=at,
        granularity=granularity,
        entities=tuple(entities),
        entity_path=entity_path,
        services=tuple(services),
        failure=failure,
    )
    tx.put(ACCESS_REPORTS, report)
    return report


def access_report(tx: Transaction, account: AccountId, reader: str, id_: str, *, at: datetime) -> AccessReport:
    """Find a report that *reader* asked for.

    Raises:
        NotFound: there is none with this id, it is another's, or it is older than a week.
    """
    report = tx.get(ACCESS_REPORTS, id_)
    if report is None or (report.account, report.reader) != (account, reader) or at - report.created_at > _KEPT:
        raise NotFound(Noun.ACCESS_REPORT, id_)
    return report
