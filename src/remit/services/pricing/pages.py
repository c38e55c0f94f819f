"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: Price List API reference."""

from remit.errors import ServiceError
from remit.services.pages import capital_pages

page = capital_pages(100, lambda: ServiceError("InvalidNextTokenException", "The NextToken is invalid."))
