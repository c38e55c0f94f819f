"""Something of everything that Artifact has: reports, terms, agreements and inquiries, for every operation."""

from collections.abc import Callable
from typing import Any

from botocore.config import Config
from composed import Composed
from pdf.documents import plain

from remit.testing import Identity

UNCHECKED = Config(parameter_validation=False, retries={"total_max_attempts": 1})
DOCUMENT = plain()
OURS = "OURS"
TERMS, END_TERMS = ["One.", "Two."], ["Done."]
NO_AGREEMENT = "agreement-0000000000000000"
NO_CUSTOMERS = "customer-agreement-0000000000000000"
NO_INQUIRY = "compliance-inquiry-AAAAAAAAAAAAAAAA"
NO_REPORT = "report-0000000000000000"


class Scene:
    """Things for operations to act on, made when they are first asked for, and used again where they stay the same.

    Attributes:
        admin: a client of the account that provides all.
    """

    def __init__(self, remit: Composed) -> None:
        self.remit = remit
        self.admin = self.client(remit.admin)
        self._made: dict[str, Any] = {}

    def client(self, identity: Identity) -> Any:
        return self.remit.client("artifact", identity, config=UNCHECKED)

    def _once(self, name: str, make: Callable[[], Any]) -> Any:
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    @property
    def report(self) -> str:
        """Our own report."""
        id_: str = self._once("report", lambda: self.admin.create_report(**self.new_report())["reportDetails"]["id"])
        return id_

    def new_report(self) -> dict[str, Any]:
        """Return what a report of ours is made of."""
        names = {"name": "Ours", "series": OURS, "category": "Ours", "companyName": "Ours"}
        return {**names, "termArn": self.term["arn"], "document": DOCUMENT}

    def version(self, state: str = "UNPUBLISHED") -> dict[str, Any]:
        """Return what names a version of our report that is in this state; a further one if all were deleted."""
        id_ = self.report
        every = self.admin.list_publisher_reports(maxResults=300)["reports"]
        shown = next((one for one in every if one["id"] == id_), None)
        if shown is None:
            shown = self.admin.create_report(reportId=id_, document=DOCUMENT)["reportDetails"]
        if shown["state"] != state:
            change = self.admin.publish_report if state == "PUBLISHED" else self.admin.unpublish_report
            shown = change(**_key(shown))["reportDetails"]
        return _key(shown)

    @property
    def term(self) -> dict[str, Any]:
        """The terms of our report."""
        made: dict[str, Any] = self._once(
            "term", lambda: self.admin.create_term(name="Ours", document=DOCUMENT)["term"]
        )
        return made

    def offer(self, name: str, *, with_nda: bool = True) -> dict[str, Any]:
        """Return an agreement of our own in its newest version."""
        nda = {"ndaDocument": DOCUMENT} if with_nda else {}
        id_ = self._once(
            name,
            lambda: self.admin.create_agreement(
                name=name, document=DOCUMENT, acceptanceTerms=TERMS, terminateTerms=END_TERMS, **nda
            )["agreement"]["id"],
        )
        every = self.admin.list_publisher_agreements(maxResults=300)["agreements"]
        found: dict[str, Any] = next(one for one in every if one["id"] == id_)
        return found

    def ready(self, client: Any) -> dict[str, Any]:
        """Return the input with which *client* accepts an agreement that is not in force."""
        id_: str = self.offer("ready", with_nda=False)["id"]
        for one in self.admin.list_customer_agreements()["customerAgreements"]:
            if one["agreementArn"].endswith(id_):
                self.admin.terminate_agreement(customerAgreementId=one["id"], acceptedTerms=END_TERMS)
        token = client.get_agreement(agreementId=id_)["agreementToken"]
        return {"agreementId": id_, "agreementToken": token, "acceptedTerms": TERMS, "scope": "ACCOUNT"}

    def in_force(self) -> str:
        """Return an agreement that was just accepted."""
        id_: str = self.admin.accept_agreement(**self.ready(self.admin))["customerAgreement"]["id"]
        return id_

    def ended(self) -> str:
        """Return an agreement that was terminated."""

        def make() -> str:
            id_ = self.in_force()
            self.admin.terminate_agreement(customerAgreementId=id_, acceptedTerms=END_TERMS)
            return id_

        id_: str = self._once("ended", make)
        return id_

    @property
    def inquiry(self) -> str:
        """A compliance inquiry with a tag, `team`, and a response."""

        def make() -> str:
            question = {"query": "Who patches the guest operating system on EC2 instances?"}
            made = self.admin.create_compliance_inquiry(name="Ours", inquiryContent=question, tags={"team": "audit"})
            created: str = made["complianceInquirySummary"]["id"]
            return created

        id_: str = self._once("inquiry", make)
        return id_

    @property
    def inquiry_arn(self) -> str:
        """The ARN of the inquiry."""
        return f"arn:aws:artifact:us-east-1:{self.remit.account}:compliance-inquiry/{self.inquiry}"


def _key(shown: dict[str, Any]) -> dict[str, Any]:
    return {
        "reportId": shown["id"],
        "reportVersion": shown["version"],
        "sequenceNumber": shown["sequenceNumber"],
    }
