"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out. Source: AWS Billing API reference."""

from remit.services.billing.errors import wrong_field
from remit.services.pages import small_pages

page = small_pages(100, lambda: wrong_field("nextToken", "The nextToken is invalid."))
