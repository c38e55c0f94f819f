"""What a service does on its own account, or finishes later: records that no request made.

Source: CloudTrail User Guide, "AWS service events"; `organizations` reference, part 12.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from remit.ids import AccountId, new_uuid
from remit.request import HttpRequest
from remit.store import Record
from remit.trail.record import as_json, write


def service_event(
    account: AccountId,
    *,
    service: str,
    name: str,
    details: Mapping[str, Any],
    at: datetime,
    region: str = "us-east-1",
    event_id: str = "",
    error: tuple[str, str] | None = None,
) -> Record:
    """Write the record of something that a service did.

    Args:
        account: in whose history it stands.
        service: the principal of the service, `organizations.amazonaws.com`.
        details: `serviceEventDetails`, without secrets.
        event_id: a new one by default; one that is told apart by what happened is recorded once, however often it is
            written.
        error: code and message of what came to nothing; None when all went well.
    """
    return write(
        account=account,
        identity=as_json({"accountId": account, "invokedBy": service}),
        http=HttpRequest("", "", "", {"user-agent": service}, b"", service),
        at=at,
        source=service,
        name=name,
        region=region,
        request_id=new_uuid(),
        is_read=False,
        error=error,
        event_type="AwsServiceEvent",
        details=dict(details),
        event_id=event_id,
    )
