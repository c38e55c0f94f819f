"""What all users and roles of an account may do, each asked once.

Source: `rights`, for one of them.
"""

from remit.compliance.checks.control_policies import Levels
from remit.compliance.checks.identities import Identities, Identity
from remit.compliance.checks.rights import FULL, Domains, May, Rights


class AccountRights:
    """Rights of the identities of one account.

    Attributes:
        is_sampled: whether some answer since it was last set to no depends on samples.
    """

    def __init__(self, known: Identities, levels: Levels | None, organization: str) -> None:
        self.known = known
        self._levels = levels
        self._organization = organization
        self._rights: dict[tuple[str, bool], Rights] = {}
        self.is_sampled = False

    def of(self, identity: Identity, *, with_everything: bool = False) -> Rights:
        """Return what an identity may do; *with_everything*: if somebody gives it a policy that allows everything."""
        key = (identity.arn, with_everything)
        if key not in self._rights:
            more = (FULL,) if with_everything else ()
            self._rights[key] = Rights(identity, self._levels, self._organization, more)
        return self._rights[key]

    def has_everything(self, identity: Identity, *, with_everything: bool = False) -> bool:
        """Whether an identity has full access."""
        return self.holds(self.of(identity, with_everything=with_everything).has_everything())

    def would_have_everything(self, identity: Identity) -> bool:
        """Whether an identity has full access that is not as it is, but as somebody makes it."""
        return self.holds(Rights(identity, self._levels, self._organization).has_everything())

    def may(self, identity: Identity, action: str, arn: str, context: Domains | None = None) -> bool:
        """Whether an identity may do something."""
        return self.holds(self.of(identity).may(action, arn, context or {}))

    def holds(self, answer: May) -> bool:
        """Whether an answer is yes; that it is of samples is noted."""
        self.is_sampled |= answer is May.PERHAPS
        return answer is May.YES
