"""Some reports as inquiries read them, short enough to be read here; none of them was ever issued by anybody."""

from remit.directory.artifact.answers import Library
from remit.directory.artifact.passages import Document, responsibilities, told_by

_HEAD = "SAMPLE - not a report of anybody\n"


def document(name: str, about: str, *pages: str, version: int = 1) -> Document:
    letters = "".join(letter for letter in name if letter.isalnum())[:16].ljust(16, "0")
    arn = f"arn:aws:artifact:us-east-1::report/report-{letters}:{version}"
    told = tuple(f"{_HEAD}{page.strip()}\nPage {number} of {len(pages)}\n" for number, page in enumerate(pages, 1))
    return Document(arn, name, version, about, told)


SOC2 = document(
    "SOC 2 Type 2 Report",
    "SOC",
    """
    Scope
    This report covers the period from 1 April 2026 to 30 September 2026.
    The examination covers the trust services criteria for security, availability and
    confidentiality.

    Opinion of the service auditor
    In our opinion the controls operated effectively throughout the period in all
    material respects.
    """,
    """
    Logical access
    Access of employees to production systems is approved by a manager and reviewed every
    ninety days.
    Access is withdrawn within twenty-four hours after an employee leaves.
    Engineers sign in to production hosts with hardware tokens as a second factor.

    Change management
    Changes are tested, reviewed by a second engineer and approved before they are deployed.
    Emergency changes are reviewed after the fact within five days.
    """,
    """
    Availability
    Backups of service metadata are replicated to a second Availability Zone and restored as
    a test every quarter.
    A business continuity plan is exercised every year.

    Incident response
    Security incidents are handled by a team that is on call around the clock.
    Customers are notified of incidents that concern their data without undue delay.

    Vulnerability management
    Penetration tests are carried out every year by an independent firm.
    External interfaces are scanned for vulnerabilities every week.
    """,
    """
    Complementary user entity controls
    User entities are responsible for the configuration of their security groups.
    User entities are responsible for the rotation of their access keys.
    """,
    version=3,
)
PCI = document(
    "PCI DSS Attestation of Compliance",
    "PCI",
    """
    Assessment
    The assessment was carried out against PCI DSS version 4.0.1 for a level 1 service provider.
    The assessor found all applicable requirements in place.
    """,
    """
    Cardholder data
    Stored account data is rendered unreadable with strong cryptography.
    Cryptographic keys are changed at the end of their cryptoperiod.
    Media with cardholder data are destroyed when they are no longer needed.
    """,
)
ISO = document(
    "ISO/IEC 27001 Certificate",
    "ISO",
    """
    Certificate
    The information security management system was certified against ISO/IEC 27001:2022.
    The certificate is valid until 12 November 2027 and surveillance audits take place every
    year.
    """,
    """
    Statement of applicability
    Suppliers are assessed before a contract is signed and every year after that.
    Information is classified in three levels: public, internal and restricted.
    """,
)
DOCUMENTS = [SOC2, PCI, ISO]
LIBRARY = Library([*(told for one in DOCUMENTS for told in told_by(one)), *responsibilities()])
