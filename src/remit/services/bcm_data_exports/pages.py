"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: Data Exports API reference."""

from remit.services.bcm_data_exports.errors import wrong
from remit.services.pages import capital_pages

page = capital_pages(300, lambda: wrong("NextToken", "The next token is invalid."))
