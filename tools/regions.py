"""Write which regions there are, by partition, and which of them an account has to opt in to.

    python tools/regions.py

Taken from botocore's endpoints, which list the regions that are open to everybody, and from AWS's list of the regions
that every account has. Run twice it writes the same bytes.
"""

import json
import sys
from pathlib import Path
from typing import Any, cast

from botocore.session import Session

DATA = Path(__file__).parents[1] / "src" / "remit" / "directory" / "data" / "regions.json"
# Launched before 20 March 2019, or made default since; every other region of the partition is opted in to.
# Source: AWS Account Management reference guide, "Enable or disable AWS Regions in your account".
_DEFAULT = frozenset((
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
    "us-east-1", "us-east-2", "us-west-1", "us-west-2",
))  # fmt: skip


def main() -> int:
    """Write the table; return the exit status."""
    table: dict[str, dict[str, bool]] = {}
    for partition in _partitions():
        name = partition["partition"]
        table[name] = {region: name == "aws" and region not in _DEFAULT for region in sorted(partition["regions"])}
    DATA.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def _partitions() -> list[dict[str, Any]]:
    # botocore's session has no types.
    loader = cast("Any", Session()).get_component("data_loader")
    return cast("list[dict[str, Any]]", loader.load_data("endpoints")["partitions"])


if __name__ == "__main__":
    sys.exit(main())
