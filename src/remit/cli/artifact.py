"""`remit artifact`: reports, agreements and compliance inquiries. The subcommands are modules beside this one."""

import click

from remit.cli.artifact_agreements import accept, agreements, terminate
from remit.cli.artifact_ask import ask, export
from remit.cli.artifact_certificates import certificate, certificate_keys, verify_certificate
from remit.cli.artifact_inquiries import inquiries
from remit.cli.artifact_notifications import notifications
from remit.cli.artifact_offers import offer, offers, paper, revise, withdraw
from remit.cli.artifact_publish import delete, publications, publish, unpublish
from remit.cli.artifact_reports import get, reports, terms, versions
from remit.cli.artifact_settings import settings
from remit.cli.artifact_trace import trace


@click.group("artifact")
def command() -> None:
    """Hand out reports and agreements, and answer compliance inquiries."""


for subcommand in (
    reports,
    versions,
    terms,
    get,
    trace,
    publish,
    unpublish,
    delete,
    publications,
    offers,
    offer,
    paper,
    revise,
    withdraw,
    agreements,
    accept,
    terminate,
    certificate,
    verify_certificate,
    certificate_keys,
    ask,
    export,
    inquiries,
    notifications,
    settings,
):
    command.add_command(subcommand)
