"""Write every generated file again: shapes, authorization data, policies, regions, samples, tables of the docs.

    python tools/generate.py

CI runs it and fails if anything changes.
"""

import sys

import authorization
import aws_managed_policies
import documentation
import regions
import sample_prices
import sample_reports
import service_names
import shapes


def main() -> int:
    """Run every generator; return the exit status."""
    tools = (
        shapes,
        authorization,
        aws_managed_policies,
        regions,
        service_names,
        sample_reports,
        sample_prices,
        documentation,
    )
    statuses: list[int] = [tool.main() for tool in tools]
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main())
