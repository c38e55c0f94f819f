"""What can go wrong when bundles are made; the tree is drawn in the package's docstring."""


class EvidenceError(Exception):
    """Evidence cannot be bundled, signed or disclosed; the message says what to do."""


class BundleInvalid(EvidenceError):
    """What was given for a bundle cannot go into one."""


class DisclosureInvalid(EvidenceError):
    """A field that is not there, or a disclosure that does not belong to it."""


class KeyRingError(EvidenceError):
    """There is no key, or the ring cannot be used as it is."""


class NotSigned(EvidenceError):
    """A signature does not hold for what it is said to sign."""
