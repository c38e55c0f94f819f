"""Regions that an account has to opt in to: until it has, nobody of it is known there.

Services that are global take any region. In these regions session tokens of version 1, which the global endpoint of STS
gives until the account prefers others, are not known either, whether it opted in or not.
Source: AWS Account Management reference guide, "Enable or disable AWS Regions in your account"; IAM User Guide,
"Manage AWS STS in an AWS Region"; the words as AWS was recorded in September 2026.
"""

from datetime import datetime

from remit.arn import is_global
from remit.directory.regions import OPT_IN_REGIONS, is_region_usable
from remit.errors import InvalidClientTokenId
from remit.request import Caller
from remit.store import Transaction

# STS says it without the full stop.
_TEXT = "The security token included in the request is invalid"


def check_region(tx: Transaction, caller: Caller, service: str, region: str, at: datetime) -> None:
    """Refuse a request to a region that does not know the caller.

    Args:
        service: the signing name of the service that was asked.
        region: of the credential scope.

    Raises:
        InvalidClientTokenId: the account has not enabled it, or the session token is of version 1.
    """
    if region not in OPT_IN_REGIONS or is_global(service):
        return
    session = caller.session
    if (session is not None and session.token_version == 1) or not is_region_usable(tx, caller.account, region, at):
        raise InvalidClientTokenId(_TEXT) if service == "sts" else InvalidClientTokenId
