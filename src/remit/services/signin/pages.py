"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out."""

from remit.services.pages import small_pages
from remit.services.signin.errors import invalid

page = small_pages(100, lambda: invalid("nextToken is not valid"))
