"""Where the operations of the Cost and Usage Report register themselves."""

from remit.services.cur.errors import in_words_of_reports
from remit.services.service import Service

COST_AND_USAGE_REPORTS = Service("cur", in_words_of_reports)

operation = COST_AND_USAGE_REPORTS.operation
