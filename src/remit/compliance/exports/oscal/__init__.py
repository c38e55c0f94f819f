"""OSCAL 1.2: catalog, component definitions, security plans of provider and customer, results, plan of action.

Ids are UUIDs of stable names, so two exports differ only where facts do.
Source: NIST, OSCAL 1.2.1 models; `shared-responsibility` reference, 7.
"""

from remit.compliance.exports.oscal.documents import documents
from remit.compliance.exports.oscal.linking import Broken, PlanUnreadable, broken_links

__all__ = ["Broken", "PlanUnreadable", "broken_links", "documents"]
