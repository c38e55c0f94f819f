"""What policies of each type may say, as data: one module for the types of one service.

    Section(keys=..., others=..., required=...)    an object: keys that have a name of their own, keys that a user names
    Setting(...)                                    one value
    Listing(...)                                    a list of values

Limits of a document's parts count when it is stored; limits that only the merged policy has to keep say so.
"""

from remit.policy.management.shapes.ai import AI_OPT_OUT
from remit.policy.management.shapes.backup import BACKUP
from remit.policy.management.shapes.chat import CHAT
from remit.policy.management.shapes.ec2 import EC2
from remit.policy.management.shapes.form import ANY_LENGTH, Crossing, Listing, Section, Setting, Shape
from remit.policy.management.shapes.security import (
    GUARDDUTY,
    INSPECTOR,
    NETWORK_SECURITY_DIRECTOR,
    SECURITY_HUB,
    SECURITY_HUB_CSPM,
)
from remit.policy.management.shapes.services import BEDROCK, S3, UPGRADE_ROLLOUT
from remit.policy.management.shapes.tags import TAGS

__all__ = [
    "AI_OPT_OUT",
    "ANY_LENGTH",
    "BACKUP",
    "BEDROCK",
    "CHAT",
    "EC2",
    "GUARDDUTY",
    "INSPECTOR",
    "NETWORK_SECURITY_DIRECTOR",
    "S3",
    "SECURITY_HUB",
    "SECURITY_HUB_CSPM",
    "TAGS",
    "UPGRADE_ROLLOUT",
    "Crossing",
    "Listing",
    "Section",
    "Setting",
    "Shape",
]
