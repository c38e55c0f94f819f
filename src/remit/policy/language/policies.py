"""The policies that take part in one decision, each with the name people know it by."""

import msgspec

from remit.policy.language.document import Document


class Policy(msgspec.Struct, frozen=True):
    """A document where it is attached.

    Attributes:
        name: what people call it: the managed policy's name, the inline policy's name, `trust policy`.
        arn: of a managed policy; empty for inline ones.
        attached_to: ARN of what it is attached to where that is not who asks: of a group, of the root, unit or account
            of an organization; empty for everything else, and where nobody explains.
    """

    document: Document
    name: str = ""
    arn: str = ""
    attached_to: str = ""


class Policies(msgspec.Struct, frozen=True, kw_only=True):
    """What takes part.

    Attributes:
        identity: of the user, its groups included, or of the role behind the session.
        boundary: the permissions boundary; None for none.
        session: session policies; empty when none was passed.
        scopes: levels of session policies that were laid over those since, each with the policies of that level.
        resource: the resource's own policy; None when it has none.
        scps: levels of the principal's account from the organization's root to the account, each with the policies of
            that level; None when the account is in no organization.
        rcps: levels of the resource's account; None as above. RCPFullAWSAccess is implied on every level.
        vpc_endpoint: of the endpoint the request came through; None when it came through none.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] = ()
    scopes: tuple[tuple[Policy, ...], ...] = ()
    resource: Policy | None = None
    scps: tuple[tuple[Policy, ...], ...] | None = None
    rcps: tuple[tuple[Policy, ...], ...] | None = None
    vpc_endpoint: Policy | None = None

    def session_levels(self, *, needed: bool) -> tuple[tuple[Policy, ...], ...] | None:
        """Return the levels of session policies, of which each must allow; None when there are none.

        Args:
            needed: whether the session may do nothing of its own without session policies (K15, K16).
        """
        first = (self.session,) if self.session or needed else ()
        return (*first, *self.scopes) or None
