"""AWS managed policies: the same in every account, read-only, never counted against a quota.

They come from a data file (`data/SOURCE.md`), one member of the archive read when a policy is first asked for. AWS's
own unique ids are not published; ours are derived from the ARN, so that they are the same in every store.
"""

import atexit
import base64
import hashlib
import zipfile
from datetime import datetime
from functools import cache
from importlib import resources

import msgspec

from remit.arn import PARTITIONS, Arn
from remit.directory.policies import Policy, PolicyVersion
from remit.ids import AccountId, IdPrefix

OWNER = AccountId("aws")
ADMINISTRATOR_ACCESS = "arn:aws:iam::aws:policy/AdministratorAccess"
_PREFIX = "policy/"
# Partition -> all policies, once somebody asked for all.
_all: dict[str, tuple[Policy, ...]] = {}


@cache
def _archive() -> zipfile.ZipFile:
    file = resources.files("remit.directory").joinpath("data/aws_managed_policies.zip").open("rb")
    atexit.register(file.close)
    return zipfile.ZipFile(file)


@cache
def _names() -> dict[str, str]:
    return {name.rsplit("/", 1)[-1].lower(): name for name in _archive().namelist()}


@cache
def _read(member: str, partition: str) -> Policy:
    stored = msgspec.json.decode(_archive().read(member), type=dict[str, str])
    path, _, name = member.rpartition("/")
    digest = hashlib.sha256(member.encode()).digest()
    number = int(stored["version"][1:])
    created_at = msgspec.convert(stored["created_at"], datetime)
    return Policy(
        id=IdPrefix.POLICY + base64.b32encode(digest).decode()[:17],
        account=OWNER,
        name=name,
        path=f"/{path}/" if path else "/",
        partition=partition,
        created_at=created_at,
        updated_at=msgspec.convert(stored["updated_at"], datetime),
        versions=(PolicyVersion(number=number, document=stored["document"], created_at=created_at),),
        default=number,
        latest=number,
    )


def is_aws_managed(arn: str) -> bool:
    """Say whether *arn* has the form of an AWS managed policy's."""
    return ":iam::aws:policy/" in arn


def aws_managed_policy(arn: str) -> Policy | None:
    """Find an AWS managed policy by its ARN, in any of AWS's partitions; None if AWS has no such policy."""
    try:
        parsed = Arn.parse(arn)
    except ValueError:
        return None
    if parsed.service != "iam" or parsed.region or parsed.account != OWNER or parsed.partition not in PARTITIONS:
        return None
    if not parsed.resource.startswith(_PREFIX):
        return None
    member = parsed.resource.removeprefix(_PREFIX)
    return _read(member, parsed.partition) if _names().get(member.rsplit("/", 1)[-1].lower()) == member else None


def aws_managed_policies(partition: str) -> tuple[Policy, ...]:
    """Return all of them, by name without regard to case. The first time this takes a fifth of a second."""
    found = _all.get(partition)
    if found is None:
        found = _all[partition] = tuple(_read(member, partition) for _, member in sorted(_names().items()))
    return found


def are_at_hand(partition: str) -> bool:
    """Say whether `aws_managed_policies` would return at once."""
    return partition in _all
