"""compliance-trestle reads what we export: `make trestle` installs it beside our own environment."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from snapshots import AT, snapshot

from remit.compliance.exports import Report, oscal
from remit.compliance.snapshots import Shelf
from remit.compliance.snapshots.files import write
from remit.compliance.status.laid_down import LaidDown
from remit.compliance.status.scope import Scope

pytestmark = pytest.mark.trestle
PYTHON = Path(sys.prefix) / "trestle" / "bin" / "python"


def test_trestle_reads_every_document(tmp_path):
    shelf, folder = Shelf(tmp_path / "snapshots"), tmp_path / "oscal"
    for account, encrypted in (("111122223333", True), ("444455556666", False)):
        volumes = {"ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "vol-1", "Encrypted": encrypted}]}}
        taken = snapshot(volumes, account=account)
        shelf.unfinished(account)
        write(taken, shelf.place(taken.header))
    documents = oscal.documents(Report.of(Scope(shelf, AT + timedelta(hours=1), LaidDown())))
    folder.mkdir()
    for name, document in documents.items():
        (folder / name).write_text(json.dumps(document))

    done = subprocess.run(
        [PYTHON, Path(__file__).with_name("reading.py"), folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    titles = {name: next(iter(document.values()))["metadata"]["title"] for name, document in documents.items()}
    assert done.stdout.splitlines() == [f"{name} {title}" for name, title in sorted(titles.items())]
    assert len(documents) == 8
