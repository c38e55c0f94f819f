"""The verifier of bundles. INVARIANT: it imports the standard library and itself, nothing else, and runs on Python 3.9.

`assembly.py` makes one file of the other modules, in this order: curve, tree, archive, attestation, checking, proofs,
replaying, program. Their top-level names must therefore differ. `verify.html` is the same check in a browser.
"""
