"""The thirteen types of management policies.

Sizes are those of the quotas page; where it has none for a type, those of its neighbours.
Source: `organizations` reference, 4.5, 5 and 10.3.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from remit.policy.management import shapes
from remit.policy.management.operators import Allowed


class ManagementPolicyType(StrEnum):
    """A type, as the API calls it."""

    TAG = "TAG_POLICY"
    BACKUP = "BACKUP_POLICY"
    AI_OPT_OUT = "AISERVICES_OPT_OUT_POLICY"
    CHATBOT = "CHATBOT_POLICY"
    DECLARATIVE_EC2 = "DECLARATIVE_POLICY_EC2"
    SECURITY_HUB = "SECURITYHUB_POLICY"
    SECURITY_HUB_CSPM = "SECURITYHUB_CSPM_POLICY"
    INSPECTOR = "INSPECTOR_POLICY"
    GUARDDUTY = "GUARDDUTY_POLICY"
    UPGRADE_ROLLOUT = "UPGRADE_ROLLOUT_POLICY"
    BEDROCK = "BEDROCK_POLICY"
    S3 = "S3_POLICY"
    NETWORK_SECURITY_DIRECTOR = "NETWORK_SECURITY_DIRECTOR_POLICY"


class Kind(msgspec.Struct, frozen=True):
    """What is known of a type.

    Attributes:
        outermost: the names the one outermost key may have.
        shape: of what lies below it.
        operators: that set values.
        characters_max: of a document.
        attached_max: policies of the type at one root, unit or account.
    """

    outermost: tuple[str, ...]
    shape: shapes.Section
    operators: Allowed = Allowed.EVERYTHING
    characters_max: int = 10_000
    attached_max: int = 10


KINDS: Mapping[ManagementPolicyType, Kind] = {
    ManagementPolicyType.TAG: Kind(("tags",), shapes.TAGS),
    ManagementPolicyType.BACKUP: Kind(("plans",), shapes.BACKUP),
    ManagementPolicyType.AI_OPT_OUT: Kind(
        ("services",), shapes.AI_OPT_OUT, operators=Allowed.ASSIGN, characters_max=2_500, attached_max=5
    ),
    ManagementPolicyType.CHATBOT: Kind(("chatbot",), shapes.CHAT, attached_max=5),
    ManagementPolicyType.DECLARATIVE_EC2: Kind(("ec2_attributes",), shapes.EC2),
    ManagementPolicyType.SECURITY_HUB: Kind(("securityhub",), shapes.SECURITY_HUB),
    ManagementPolicyType.SECURITY_HUB_CSPM: Kind(
        ("securityhub_cspm", "securityhub", "cspm_enablement"), shapes.SECURITY_HUB_CSPM
    ),
    ManagementPolicyType.INSPECTOR: Kind(("inspector",), shapes.INSPECTOR),
    ManagementPolicyType.GUARDDUTY: Kind(("guardduty",), shapes.GUARDDUTY),
    ManagementPolicyType.UPGRADE_ROLLOUT: Kind(("upgrade_rollout",), shapes.UPGRADE_ROLLOUT, characters_max=5_120),
    ManagementPolicyType.BEDROCK: Kind(("bedrock",), shapes.BEDROCK),
    ManagementPolicyType.S3: Kind(("s3_attributes",), shapes.S3),
    ManagementPolicyType.NETWORK_SECURITY_DIRECTOR: Kind(
        ("network_security_director",), shapes.NETWORK_SECURITY_DIRECTOR
    ),
}
