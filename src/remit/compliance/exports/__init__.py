"""What was judged, in the forms of others: one module, or package, for a format. The same report, the same bytes.

report = Report.of(scope)
sarif(report)          JSON of SARIF 2.1.0
oscal.documents(report)
"""

from remit.compliance.exports.report import AccountReport, Report

__all__ = ["AccountReport", "Report"]
