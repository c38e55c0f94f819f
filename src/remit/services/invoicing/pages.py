"""Pages of lists: `NextToken` and `MaxResults` in, `NextToken` out. Source: Invoicing API reference."""

from remit.services.invoicing.errors import validation
from remit.services.pages import capital_pages

page = capital_pages(100, lambda: validation("The NextToken is invalid.", "invalidNextToken", "NextToken"))
