"""The services: what each operation does, in one function.

A handler reads its input, asks the directory, and puts the answer into the members of the model's shape. It does not
see HTTP, XML, signatures, SQL or the clock. Services do not import one another.
"""

from remit.services.service import Handler, Service

__all__ = ["Handler", "Service"]
