"""Write the AWS managed policies that Remit ships, from the data that the `moto` package carries.

    python tools/aws_managed_policies.py

The result is one zip archive with a member for each policy, so that a start reads nothing and a look-up reads one.
Run twice it writes the same bytes.
"""

import json
import sys
import zipfile
from pathlib import Path

from moto.iam.aws_managed_policies import aws_managed_policies_data

TARGET = Path(__file__).parents[1] / "src" / "remit" / "directory" / "data" / "aws_managed_policies.zip"


def main() -> int:
    """Write the archive; return the exit status."""
    policies = json.loads(aws_managed_policies_data)
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(policies):
            policy = policies[name]
            member = zipfile.ZipInfo(f"{policy['Path'].strip('/')}/{name}".lstrip("/"), (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            body = {
                "version": policy["DefaultVersionId"],
                "created_at": policy["CreateDate"],
                "updated_at": policy["UpdateDate"],
                "document": json.dumps(policy["Document"], separators=(",", ":")),
            }
            archive.writestr(member, json.dumps(body, separators=(",", ":")))
    print(f"{len(policies)} policies, {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
