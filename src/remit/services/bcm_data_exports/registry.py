"""Where Data Exports' operations register themselves."""

from remit.services.bcm_data_exports.errors import in_words_of_data_exports, invalid
from remit.services.service import Service

DATA_EXPORTS = Service("bcm-data-exports", in_words_of_data_exports, invalid)

operation = DATA_EXPORTS.operation
