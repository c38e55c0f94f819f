"""Pages of lists: `nextToken` and `maxResults` in, `nextToken` out.

Source: `artifact` reference, section 2, "Shapes"; how many come when nobody says is ours.
"""

from remit.services.artifact.errors import validation
from remit.services.pages import small_pages

page = small_pages(100, lambda: validation("The nextToken is invalid.", "invalidToken"))
