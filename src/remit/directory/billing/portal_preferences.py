"""Preferences of procurement portals: where e-invoices would go, and how far that was validated.

Nothing is delivered here, so secrets of portals are not kept. A preference begins pending, is validated by a code that
its contact reads in a message, and may then be made active and suspended.
Source: Invoicing API reference, CreateProcurementPortalPreference, `ProcurementPortalPreferenceStatus`; what AWS leaves
open is in `docs/choices-billing.md`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from remit.directory.billing.facts import Full, Hindered, Missing, Taken, Thing, Unfit
from remit.directory.facts import OneTimeCodeRefused
from remit.directory.one_time_codes import About, OneTimeCode, forget_message, send_code
from remit.ids import AccountId, new_uuid
from remit.store import Kind, Transaction

PREFERENCES_MAX = 100


class Status(StrEnum):
    """How far a feature of a preference is, by the API's words."""

    PENDING = "PENDING_VERIFICATION"
    VALIDATED = "VALIDATED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class Feature(StrEnum):
    """What a preference can turn on, by the beginnings of the API's members."""

    EINVOICE = "EinvoiceDelivery"
    PURCHASE_ORDERS = "PurchaseOrderRetrieval"


class Standing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far a feature is, and why."""

    status: Status = Status.PENDING
    reason: str = ""


class PortalPreference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A preference; *id* is its ARN.

    Attributes:
        said: members of the API's `ProcurementPortalPreference` as they were given, without secrets.
        standings: of the features that are turned on.
        version: from 1, one more with each change.
        code: the code that was sent last; None for none.
    """

    id: str
    account: AccountId
    said: Mapping[str, Any]
    standings: Mapping[Feature, Standing]
    created_at: datetime
    updated_at: datetime
    version: int = 1
    code: OneTimeCode | None = None
    tags: Mapping[str, str] = {}


def _ends(preference: PortalPreference) -> tuple[str, ...]:
    said = preference.said
    return preference.account, said["ProcurementPortalName"], said["BuyerIdentifier"], said["SupplierIdentifier"]


PORTAL_PREFERENCES = Kind(
    "portal-preference",
    PortalPreference,
    unique={"ends": _ends},
    groups={"account": lambda preference: (preference.account,)},
)


def new_arn(account: AccountId, partition: str) -> str:
    """Invent the ARN of a preference."""
    return f"arn:{partition}:invoicing::{account}:procurement-portal-preference/{new_uuid()}"


def preferences_of(tx: Transaction, account: AccountId) -> list[PortalPreference]:
    """Return the preferences of *account*, by ARN."""
    return sorted(tx.select(PORTAL_PREFERENCES, "account", account), key=lambda one: one.id)


def known_preference(tx: Transaction, account: AccountId, arn: str) -> PortalPreference:
    """Return a preference of *account*.

    Raises:
        Missing: it has none of that ARN.
    """
    found = tx.get(PORTAL_PREFERENCES, arn)
    if found is None or found.account != account:
        raise Missing(Thing.PORTAL_PREFERENCE, arn)
    return found


def create_preference(tx: Transaction, preference: PortalPreference) -> None:
    """Keep a new preference.

    Raises:
        Taken: there is one of the same portal, buyer and supplier.
        Full: the account has as many as it may.
    """
    found = tx.find(PORTAL_PREFERENCES, "ends", _ends(preference))
    if found is not None:
        raise Taken(Thing.PORTAL_PREFERENCE, found.id)
    if tx.count(PORTAL_PREFERENCES, "account", preference.account) >= PREFERENCES_MAX:
        raise Full(Thing.PORTAL_PREFERENCE, PREFERENCES_MAX)
    tx.put(PORTAL_PREFERENCES, preference)


def change_preference(tx: Transaction, preference: PortalPreference, at: datetime, **members: Any) -> None:
    """Keep a preference with other *members*: one version on."""
    changed = msgspec.structs.replace(preference, **members, version=preference.version + 1, updated_at=at)
    tx.put(PORTAL_PREFERENCES, changed)


def delete_preference(tx: Transaction, preference: PortalPreference) -> None:
    """Remove a preference, and the message that would validate it."""
    if preference.code is not None:
        forget_message(tx, preference.account, About.PORTAL)
    tx.delete(PORTAL_PREFERENCES, preference)


def stepped(preference: PortalPreference, feature: Feature, status: Status, reason: str) -> dict[Feature, Standing]:
    """Return the standings of a preference once a feature is made active or suspended.

    Raises:
        Unfit: the caller cannot bring it there: it comes there by validation.
        Hindered: the feature is turned off, or was never validated.
    """
    if status not in (Status.ACTIVE, Status.SUSPENDED):
        raise Unfit(f"{feature}PreferenceStatus", "A status can be set to ACTIVE and SUSPENDED only.")
    held = preference.standings.get(feature)
    if held is None:
        raise Hindered(Thing.PORTAL_PREFERENCE, preference.id, f"{feature} is not enabled.")
    if held.status is Status.PENDING:
        raise Hindered(Thing.PORTAL_PREFERENCE, preference.id, f"{feature} is not validated yet.")
    return {**preference.standings, feature: Standing(status, reason)}


def send_validation(tx: Transaction, preference: PortalPreference, email: str, at: datetime) -> None:
    """Send a code to the contact of a preference, in the place of the last one.

    Raises:
        QuotaExceeded: three codes were sent within half a minute.
    """
    code = send_code(tx, preference.account, About.PORTAL, f"mailto:{email}", at=at, last=preference.code)
    tx.put(PORTAL_PREFERENCES, msgspec.structs.replace(preference, code=code))


def verify_validation(tx: Transaction, preference: PortalPreference, given: str, at: datetime) -> None:
    """Believe that the contact of a preference read the code: what is pending is validated.

    Raises:
        OneTimeCodeRefused: *given* is not the code, or that is over.
    """
    if preference.code is None:
        raise OneTimeCodeRefused(preference.account)
    preference.code.verify(tx.keyring, given, at)
    forget_message(tx, preference.account, About.PORTAL)
    standings = {
        feature: Standing(Status.VALIDATED) if held.status is Status.PENDING else held
        for feature, held in preference.standings.items()
    }
    change_preference(tx, preference, at, standings=standings, code=None)


def note_wrong_code(tx: Transaction, arn: str) -> None:
    """Count a wrong code."""
    found = tx.get(PORTAL_PREFERENCES, arn)
    if found is not None and found.code is not None:
        tx.put(PORTAL_PREFERENCES, msgspec.structs.replace(found, code=found.code.after_wrong_guess()))
