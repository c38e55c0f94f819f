"""The only place that builds the whole: every part is made once, and handed to those that need it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path as FilePath

import msgspec

from remit.authn.authenticators import Authenticators
from remit.authn.https import Https
from remit.billing.analysis.bills import LedgerBills
from remit.billing.exports.buckets import buckets_at
from remit.clock import Clock, SystemClock
from remit.endpoint.artifact_documents import ArtifactDocuments
from remit.endpoint.authorize import Authorize
from remit.endpoint.biller import Biller
from remit.endpoint.billing_files import BillingFiles
from remit.endpoint.deliverer import Deliverer
from remit.endpoint.federation import Federation
from remit.endpoint.founding import Founded, found, write_credentials
from remit.endpoint.handler import Handler
from remit.endpoint.issuers import Issuers
from remit.endpoint.limits import Limits
from remit.endpoint.local import Local
from remit.endpoint.notifications import Notifier
from remit.endpoint.observer import Observer
from remit.endpoint.path import Path
from remit.endpoint.proxies import Proxies, trusted_networks
from remit.endpoint.recorder import Recorder
from remit.endpoint.refusals import Refusals
from remit.endpoint.reset import Resetter
from remit.endpoint.security_keys import SecurityKeys
from remit.endpoint.settings import Settings, SettingsInvalid
from remit.endpoint.sign_in import SignIn
from remit.endpoint.stores import open_database
from remit.endpoint.throttling import Throttle
from remit.endpoint.webhook import Webhook, webhook_secret
from remit.services import Service
from remit.services.account import ACCOUNT
from remit.services.artifact import ARTIFACT
from remit.services.bcm_data_exports import DATA_EXPORTS
from remit.services.billing import BILLING
from remit.services.budgets import BUDGETS
from remit.services.ce import COST_EXPLORER
from remit.services.cloudtrail import CLOUDTRAIL
from remit.services.cur import COST_AND_USAGE_REPORTS
from remit.services.freetier import FREE_TIER
from remit.services.iam import IAM
from remit.services.iam_toolbox import IAM_TOOLBOX
from remit.services.invoicing import INVOICING
from remit.services.organizations import ORGANIZATIONS
from remit.services.pricing import PRICING
from remit.services.signin import SIGNIN
from remit.services.sts import STS
from remit.store import Database
from remit.wire import Wire

SERVICES: dict[str, Service] = {
    service.name: service
    for service in (
        IAM,
        STS,
        ORGANIZATIONS,
        ACCOUNT,
        ARTIFACT,
        CLOUDTRAIL,
        IAM_TOOLBOX,
        SIGNIN,
        BILLING,
        COST_EXPLORER,
        BUDGETS,
        INVOICING,
        FREE_TIER,
        PRICING,
        DATA_EXPORTS,
        COST_AND_USAGE_REPORTS,
    )
}


@dataclass(frozen=True)
class Endpoint:
    """A whole Remit, ready to be served."""

    settings: Settings
    database: Database
    handler: Handler
    founded: Founded
    observer: Observer
    refusals: Refusals
    recorder: Recorder
    notifier: Notifier
    deliverer: Deliverer
    bills: LedgerBills
    biller: Biller


def compose(settings: Settings, clock: Clock | None = None, limits: Limits | None = None) -> Endpoint:
    """Build everything that answers requests, and found the first account in an empty store.

    Raises:
        StoreError: with a line for a person.
        SettingsInvalid: the secret of the webhook is none.
    """
    clock = clock or SystemClock()
    webhook = _webhook(settings)
    database = open_database(settings)
    founded = found(database, settings, clock.now())
    if founded.administrator is not None:
        write_credentials(settings.data / "credentials", founded.administrator)
    wire = Wire(SERVICES)
    observer = Observer()
    recorder = Recorder(wire, database)
    outside = Https(allows_local=settings.allow_local_identity_providers, own_url=settings.endpoint)
    throttle = Throttle(SERVICES, is_on=settings.throttle)
    bills = LedgerBills(settings.data)
    path = Path(
        wire,
        SERVICES,
        database,
        clock,
        observer,
        recorder,
        outside,
        bills,
        throttle,
        settings.org_quotas,
        evidence=settings.data,
    )
    resetter = Resetter(database, recorder, samples=settings.samples)
    local = Local(
        database,
        observer,
        Issuers(database, outside),
        reset=resetter.reset if settings.allow_reset else None,
        ready=resetter.ready,
    )
    sign_in = SignIn(database, clock, observer.keep)
    federation = Federation(database, clock, observer.keep)
    authorizing = Authorize(database, clock, observer.keep)
    security_keys = SecurityKeys(database, clock, observer.keep, Authenticators(settings.fido_metadata))
    handler = Handler(
        path,
        local,
        sign_in,
        federation,
        authorizing,
        security_keys,
        ArtifactDocuments(database, clock, observer.keep),
        BillingFiles(database, clock, bills, observer.keep),
        Proxies(trusted_networks(settings.trusted_proxies)),
        limits or Limits(),
    )
    notifier = Notifier(database, clock, mail_folder=settings.mail_folder, webhook=webhook)
    return Endpoint(
        settings,
        database,
        handler,
        founded,
        observer,
        path.refusals,
        recorder,
        notifier,
        Deliverer(database, clock, settings.data, buckets_at(settings.exports_folder, settings.exports_s3_endpoint)),
        bills,
        Biller(settings),
    )


def _webhook(settings: Settings) -> Webhook | None:
    if settings.notify_webhook_secret_file is None:
        return None
    try:
        return Webhook(settings.notify_webhook, webhook_secret(settings.notify_webhook_secret_file))
    except ValueError as error:
        raise SettingsInvalid(str(error)) from None


def in_temporary_folder(settings: Settings) -> tuple[Settings, "tempfile.TemporaryDirectory[str]"]:
    """Return *settings* with a data folder that ends with the returned object; for `--ephemeral`."""
    folder = tempfile.TemporaryDirectory(prefix="remit-", ignore_cleanup_errors=True)
    data = FilePath(folder.name)
    return msgspec.structs.replace(settings, data=data, master_key_file=data / "master.key"), folder
