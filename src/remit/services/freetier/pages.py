"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out. Source: Free Tier API reference."""

from remit.services.freetier.errors import invalid
from remit.services.pages import small_pages

page = small_pages(1_000, lambda: invalid("The nextToken is invalid."))
