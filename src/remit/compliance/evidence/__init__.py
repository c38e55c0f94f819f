"""Evidence bundles: files that prove themselves offline.

bundle          writes one: reproducibly, in one pass, in memory that does not grow
attestation     what is signed: an in-toto statement of the tree's root
signing         DSSE envelopes, keys, and signatures in minisign's form
keys            the keys of a collector: made, rotated, published
oscal           signatures beside OSCAL files, as compliance-trestle makes and reads them
canonical       RFC 8785
merkle          inclusion proofs
disclosure      fields behind salted hashes; one piece of evidence alone, with its proof
standalone/     the verifier: its modules are also the one file `verify.py` that lies in every bundle

    EvidenceError
    ├── BundleInvalid      what was given for a bundle cannot go into one
    ├── DisclosureInvalid  a field that is not there, a disclosure that does not belong to it
    ├── KeyRingError       no key, a key file that others can read, a damaged ring
    └── NotSigned          a signature that does not hold

The form of a bundle and what was measured: `docs/decisions/0007-evidence-bundle.md`.
"""
