"""Who is calling: Signature Version 4, as header and as query string, over whole and chunked bodies.

`authenticate` makes a `Signed` request of a `Routed` one, or raises one of AWS's errors; `check_session` then refuses
temporary credentials what they may never call. What AWS leaves open is chosen in `docs/choices-authn.md`.
Source: `iam-sts` reference, section 2.
"""

from remit.authn.restrictions import check_session
from remit.authn.verify import Claim, authenticate

__all__ = ["Claim", "authenticate", "check_session"]
