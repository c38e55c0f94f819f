"""What an account wants of Artifact. Source: `artifact` reference, sections 2 and 8."""

from typing import Any

from remit.directory.artifact.settings import ARTIFACT_SETTINGS, ArtifactSettings, Subscription, subscription_of
from remit.request import Call
from remit.services.artifact import shapes
from remit.services.artifact.registry import operation
from remit.store import Transaction


@operation("GetAccountSettings")
def get_account_settings(call: Call[Any], tx: Transaction) -> shapes.GetAccountSettingsResponse:
    """Tell whether the account is told of what happens."""
    return {"accountSettings": {"notificationSubscriptionStatus": subscription_of(tx, call.account).value}}


@operation("PutAccountSettings")
def put_account_settings(
    call: Call[shapes.PutAccountSettingsRequest], tx: Transaction
) -> shapes.PutAccountSettingsResponse:
    """Subscribe the account, or unsubscribe it; without a status nothing changes."""
    asked = call.input.get("notificationSubscriptionStatus")
    if asked is not None:
        made = ArtifactSettings(id=call.account, account=call.account, subscription=Subscription(asked))
        tx.put(ARTIFACT_SETTINGS, made)
    return {"accountSettings": {"notificationSubscriptionStatus": subscription_of(tx, call.account).value}}
