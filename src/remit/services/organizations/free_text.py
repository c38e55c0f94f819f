"""Free text, which is screened for what would run in a browser.

Source: `organizations` reference, 2.4.
"""

import re

from remit.services.organizations.errors import invalid_input

_STRANGE = re.compile(r"<\s*script|javascript:|on\w+\s*=", re.IGNORECASE)


def check_free_text(text: str) -> None:
    """Look whether *text* is harmless.

    Raises:
        ServiceError: it is not.
    """
    if _STRANGE.search(text):
        raise invalid_input("INVALID_PATTERN", "You provided a value that doesn't match the required pattern.")
