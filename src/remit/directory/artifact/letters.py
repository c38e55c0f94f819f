"""What Artifact tells accounts that subscribed: events, and how they read. Source: `artifact` reference, section 8."""

from enum import StrEnum

from remit.directory.notifications import Letter, Notification


class ArtifactEvent(StrEnum):
    """What happened."""

    REPORT_VERSION_PUBLISHED = "REPORT_VERSION_PUBLISHED"
    REPORT_PERIOD_ENDING = "REPORT_PERIOD_ENDING"
    AGREEMENT_REVISED = "AGREEMENT_REVISED"
    AGREEMENT_TERMINATED = "AGREEMENT_TERMINATED"
    MEMBER_JOINED = "MEMBER_JOINED"
    MEMBER_LEFT = "MEMBER_LEFT"


_SUBJECTS = {
    ArtifactEvent.REPORT_VERSION_PUBLISHED: "{reportName}: version {reportVersion} is published",
    ArtifactEvent.REPORT_PERIOD_ENDING: "{reportName}: the period of version {reportVersion} ends on {ends}",
    ArtifactEvent.AGREEMENT_REVISED: "{agreementName}: version {version} is on offer",
    ArtifactEvent.AGREEMENT_TERMINATED: "{agreementName}: terminated by the provider",
    ArtifactEvent.MEMBER_JOINED: "{agreementName}: covers account {memberAccountId}, which joined",
    ArtifactEvent.MEMBER_LEFT: "{agreementName}: no longer covers account {memberAccountId}, which left",
}


def artifact_letter(notification: Notification) -> Letter:
    """Return what people read of a notification whose event is an `ArtifactEvent`."""
    says = notification.details
    subject = _SUBJECTS[ArtifactEvent(notification.event)].format(ends=says.get("periodEnd", "")[:10], **says)
    lines = (
        f"{subject}.",
        "",
        *(f"{name}: {value}" for name, value in says.items()),
        "",
        f"For account {notification.account}, which subscribed to notifications of Artifact (PutAccountSettings).",
    )
    return Letter(sender="AWS Artifact", subject=subject, lines=lines)
