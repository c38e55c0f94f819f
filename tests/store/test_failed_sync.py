"""A disk that takes the data and fails to sync them, and a crash after it: what was called failed must not come back.

A library in C stands between the process and the disk, so these tests need a C compiler.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from store.things import names, opened, put

pytestmark = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")

_LIBRARY = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>
static int sync_with(const char *name, int file) {
    if (access(getenv("FAILING"), F_OK) == 0) { errno = EIO; return -1; }
    return ((int (*)(int)) dlsym(RTLD_NEXT, name))(file);
}
int fdatasync(int file) { return sync_with("fdatasync", file); }
int fsync(int file) { return sync_with("fsync", file); }
"""
_CHILD = """
import os, sys
from pathlib import Path
from store.things import opened, put
failing, address, heals = Path(os.environ["FAILING"]), sys.argv[1], sys.argv[2] == "True"
database = opened(address)
failing.touch()
if heals:
    there = database.backend._is_there
    def healed(error):
        failing.unlink()
        return there(error)
    database.backend._is_there = healed
try:
    database.run(put("b"))
except Exception as error:
    print(type(error).__name__, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(
    ("heals", "answer", "afterwards"),
    [(True, "CommitFailed", (["a"],)), (False, "CommitUnknown", (["a"], ["a", "b"]))],
)
def test_a_commit_that_failed_to_sync_is_not_there_after_a_crash(
    tmp_path: Path, *, heals: bool, answer: str, afterwards: tuple[list[str], ...]
) -> None:
    (tmp_path / "sync.c").write_text(_LIBRARY)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "sync.so", "sync.c", "-ldl"], cwd=tmp_path, check=True)
    address = str(tmp_path / "store.db")
    database = opened(address)
    database.run(put("a"))
    database.close_now()

    child = subprocess.run(
        [sys.executable, "-c", _CHILD, address, str(heals)],
        env={
            **os.environ,
            "LD_PRELOAD": str(tmp_path / "sync.so"),
            "FAILING": str(tmp_path / "failing"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert child.stdout.strip() == answer
    again = opened(address)
    assert again.run(names) in afterwards
    again.close_now()
