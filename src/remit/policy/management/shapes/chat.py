"""Chat applications policies.

Source: Organizations User Guide, "Chat applications policy syntax and examples", with the limits that stand in its
comments: 255 workspaces and overrides of Slack, 36 tenants of Microsoft Teams, 36 teams of each.
"""

from remit.policy.management.shapes.form import ENABLED, Listing, Section, Setting, one_of

_ROLES = Listing(one_of("user_role", "channel_role"))
_SLACK = Section(
    keys={"supported_channel_types": Listing(one_of("public", "private")), "supported_role_settings": _ROLES}
)
_TEAMS = Section(keys={"supported_role_settings": _ROLES})
_SLACK_MAX, _TEAMS_MAX = 255, 36
_CLIENT = Section(keys={"client": ENABLED})

CHAT = Section(
    keys={
        "platforms": Section(
            keys={
                "slack": Section(
                    keys={
                        "client": ENABLED,
                        "workspaces": Listing(Setting(characters=(1, 255)), length=(0, _SLACK_MAX)),
                        "default": _SLACK,
                        "overrides": Section(others=_SLACK, length=(0, _SLACK_MAX)),
                    }
                ),
                "microsoft_teams": Section(
                    keys={
                        "client": ENABLED,
                        "tenants": Section(
                            others=Listing(Setting(characters=(1, 255)), length=(0, _TEAMS_MAX)),
                            length=(0, _TEAMS_MAX),
                        ),
                        "default": _TEAMS,
                        "overrides": Section(
                            others=Section(others=_TEAMS, length=(0, _TEAMS_MAX)), length=(0, _TEAMS_MAX)
                        ),
                    }
                ),
                "chime": _CLIENT,
                # An example of AWS's own has it here; elsewhere it stands beside `platforms`.
                "default": _CLIENT,
            }
        ),
        "default": _CLIENT,
    }
)
