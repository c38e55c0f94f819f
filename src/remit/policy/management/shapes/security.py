"""Policies that turn security services on and off by Region: Security Hub, Inspector, GuardDuty, Shield.

What the pages do not describe is kept as it is.
Source: Organizations User Guide, the pages "policy syntax and examples" of Security Hub, Security Hub CSPM, Amazon
Inspector, Amazon GuardDuty and AWS Shield network security director policies.
"""

from collections.abc import Mapping

from remit.policy.management.shapes.form import NOT_EMPTY, Listing, Section, Setting, one_of
from remit.policy.management.tree import Node

_REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]+"
_REGIONS = Listing(Setting(pattern=rf"ALL_SUPPORTED|{_REGION}"))
_BY_REGION = {"enable_in_regions": _REGIONS, "disable_in_regions": _REGIONS}
_SCAN = Section(keys=_BY_REGION, is_open=True)

SECURITY_HUB = Section(keys=_BY_REGION, is_open=True, required=("enable_in_regions", "disable_in_regions"))
SECURITY_HUB_CSPM = Section(keys={"cspm_enablement": _SCAN}, is_open=True)
INSPECTOR = Section(
    keys={
        "enablement": Section(
            keys={
                "ec2_scanning": _SCAN,
                "ecr_scanning": _SCAN,
                "lambda_standard_scanning": Section(keys={**_BY_REGION, "lambda_code_scanning": _SCAN}, is_open=True),
                "code_repository_scanning": _SCAN,
            },
            is_open=True,
        )
    },
    is_open=True,
)
NETWORK_SECURITY_DIRECTOR = Section(
    keys={"enablement": Section(keys={"network_security_scan": _SCAN}, is_open=True)}, is_open=True
)

_ENABLED = "enabled"


def _foundational(block: Node) -> Mapping[str, str]:
    """A feature is enabled only together with foundational threat detection."""
    statuses = {
        name: str(feature.below["status"].value)
        for name, feature in block.inhabited()
        if "status" in feature.below and feature.below["status"].has_value
    }
    if statuses.get("foundational") == _ENABLED or _ENABLED not in statuses.values():
        return {}
    return {
        "foundational": statuses.get("foundational", "undefined"),
        **{name: status for name, status in statuses.items() if status == _ENABLED},
    }


_STATUS = Section(keys={"status": one_of(_ENABLED, "disabled")}, is_open=True)
_FEATURES = Section(
    keys={
        "foundational": _STATUS,
        "s3_data_events": _STATUS,
        "eks_audit_logs": _STATUS,
        "ebs_malware_protection": _STATUS,
        "rds_login_events": _STATUS,
        "lambda_network_logs": _STATUS,
        "ai_protection": _STATUS,
        "runtime_monitoring": Section(
            keys={
                "status": one_of(_ENABLED, "disabled"),
                "additional_configuration": Section(
                    keys={
                        "eks_addon_management": _STATUS,
                        "ec2_agent_management": _STATUS,
                        "ecs_fargate_agent_management": _STATUS,
                    },
                    is_open=True,
                ),
            },
            is_open=True,
        ),
    },
    is_open=True,
    crossing=_foundational,
)
GUARDDUTY = Section(
    keys={
        "enablement": Section(
            keys={"default": _FEATURES}, others=_FEATURES, names=rf"default|{_REGION}", length=NOT_EMPTY
        )
    },
    is_open=True,
)
