"""Credential reports: who the users are, and since when.

Source: IAM User Guide, "Getting credential reports"; `iam-sts` reference, section 15.
"""

import csv
import io
from datetime import datetime

from remit.directory.snapshots import Snapshot, UserPart

_ROOT = "<root_account>"


def read(text: str) -> Snapshot:
    """Read a report. Its first row, the root user, is the account itself."""
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["user"] != _ROOT]
    return Snapshot(
        user_detail_list=tuple(
            UserPart(
                user_name=row["user"],
                arn=row["arn"],
                path=_path(row["arn"]),
                create_date=datetime.fromisoformat(row["user_creation_time"]),
            )
            for row in rows
        )
    )


def _path(arn: str) -> str:
    between = arn.split(":user/", 1)[-1].rpartition("/")[0]
    return f"/{between}/" if between else "/"
