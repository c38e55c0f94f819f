"""What people read about checks: why each matters, how bad it is, how to mend what it finds.

    CATALOGUE = read_catalogue()
    CATALOGUE["enc.ebs.volumes"].remedy.terraform

One file for a family beside this one; `remit.compliance.checks` has the code of the same id.
"""

from remit.compliance.catalogue.entries import Entry, Kind, Remedy, Severity, read_catalogue

__all__ = ["Entry", "Kind", "Remedy", "Severity", "read_catalogue"]
