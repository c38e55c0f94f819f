"""`remit artifact`: reports, agreements and compliance inquiries. The subcommands are modules beside this one."""

import click

from remit.cli.groups import Group, Place

_COMMANDS = {
    "reports": Place("artifact_reports", "reports", "List the reports that can be read, each by its newest version."),
    "versions": Place("artifact_reports", "versions", "List the versions of REPORT, an id or a part of its name."),
    "terms": Place("artifact_reports", "terms", "Write the terms under which REPORT is handed out into a file."),
    "get": Place(
        "artifact_reports",
        "get",
        "Write a copy of REPORT into a file; its terms come first, and it is stamped with who had it and when.",
    ),
    "trace": Place(
        "artifact_trace", "trace", "Say to whom FILE, a copy of a report or a page of one, was given, and when."
    ),
    "publish": Place(
        "artifact_publish", "publish", "Hand out FILE, a PDF, as a report or as a further version of one."
    ),
    "unpublish": Place("artifact_publish", "unpublish", "Take a version of a report away from its readers."),
    "delete": Place("artifact_publish", "delete", "Delete a version of a report, which is not published, for ever."),
    "publications": Place("artifact_publish", "publications", "List every version of every report, published or not."),
    "offers": Place(
        "artifact_offers",
        "offers",
        "List every agreement of the provider: those on offer, those withdrawn, and those on paper.",
    ),
    "offer": Place("artifact_offers", "offer", "Offer FILE, a PDF, as an agreement that every account can accept."),
    "paper": Place(
        "artifact_offers",
        "paper",
        "Note FILE, an agreement that was signed on paper: it is in force at once, and nobody else's.",
    ),
    "revise": Place(
        "artifact_offers", "revise", "Offer AGREEMENT in its next version: what is not said stays as it was."
    ),
    "withdraw": Place("artifact_offers", "withdraw", "Offer AGREEMENT no longer."),
    "agreements": Place(
        "artifact_agreements",
        "agreements",
        "List the agreements that are in force for the account, and those on offer.",
    ),
    "accept": Place("artifact_agreements", "accept", "Accept AGREEMENT, an id of `remit artifact agreements`."),
    "terminate": Place(
        "artifact_agreements",
        "terminate",
        "End CUSTOMER_AGREEMENT, which is in force; each of the terms for its end is asked for.",
    ),
    "certificate": Place(
        "artifact_certificates",
        "certificate",
        "Write the certificate of the acceptance of ID, signed, with the agreement behind it, into a file.",
    ),
    "verify-certificate": Place(
        "artifact_certificates", "verify_certificate", "Say what FILE, a certificate as PDF or as JSON, proves."
    ),
    "certificate-keys": Place(
        "artifact_certificates",
        "certificate_keys",
        "Print the public keys that certificates are verified with, a JWKS.",
    ),
    "rotate-certificate-key": Place(
        "artifact_certificates",
        "rotate_certificate_key",
        "Make a new key that signs certificates from now on, and destroy the old private one.",
    ),
    "ask": Place(
        "artifact_ask",
        "ask",
        "Ask a QUESTION, or all of a questionnaire, and show what the reports say, with citations.",
    ),
    "export": Place(
        "artifact_ask",
        "export",
        "Write the questionnaire of the inquiry ID into a file, with the answers beside the questions.",
    ),
    "inquiries": Place(
        "artifact_inquiries", "inquiries", "Answer what the library does not: compliance inquiries in human review."
    ),
    "notifications": Place(
        "artifact_notifications",
        "notifications",
        "Show what accounts that subscribed are told, the oldest first; it is kept for ninety days.",
    ),
    "settings": Place(
        "artifact_settings",
        "settings",
        "Say whether the account is told of reports, agreements and members; subscribe it, or unsubscribe it.",
    ),
}


@click.group("artifact", cls=Group, places=_COMMANDS)
def command() -> None:
    """Hand out reports and agreements, and answer compliance inquiries."""
