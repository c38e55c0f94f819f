"""Write every generated file again: shapes, authorization data, managed policies, regions, tables of the documentation.

    python tools/generate.py

CI runs it and fails if anything changes.
"""

import sys

import authorization
import aws_managed_policies
import documentation
import regions
import service_names
import shapes


def main() -> int:
    """Run every generator; return the exit status."""
    statuses: list[int] = [
        tool.main() for tool in (shapes, authorization, aws_managed_policies, regions, service_names, documentation)
    ]
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
