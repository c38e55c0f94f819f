"""Activities that earn credits: there are none here, and that is what is said.

Source: Free Tier API reference, ListAccountActivities and GetAccountActivity; `docs/choices-billing.md`.
"""

from typing import Any

from remit.request import Call
from remit.services.freetier import shapes
from remit.services.freetier.errors import missing
from remit.services.freetier.pages import page
from remit.services.freetier.registry import operation
from remit.store import Transaction


@operation("ListAccountActivities")
def list_account_activities(call: Call[shapes.ListAccountActivitiesRequest], tx: Transaction) -> dict[str, Any]:
    """List the activities that the account may earn credits with."""
    nothing: list[str] = []
    found, following = page(call, tx, nothing, str)
    return {"activities": found, **following}


@operation("GetAccountActivity")
def get_account_activity(call: Call[shapes.GetAccountActivityRequest], tx: Transaction) -> dict[str, Any]:
    """Show an activity.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    del tx
    raise missing(f"The activity {call.input['activityId']} does not exist.")
