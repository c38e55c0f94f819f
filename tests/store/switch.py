"""A PostgreSQL server that a test can switch off, stop and go on with: the one that the session's fixture started."""

import os
import shlex
import signal
import subprocess
from pathlib import Path

import psycopg


class Switch:
    """Controls the server of *address*, whose database files must be on this machine."""

    def __init__(self, address: str) -> None:
        with psycopg.connect(address) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row is not None
        self._data = Path(row[0])
        self._command = shlex.split((self._data / "postmaster.opts").read_text())
        self._stopped: list[int] = []

    def off(self) -> None:
        """End the server as a crash would."""
        self._control("-m", "immediate", "stop")

    def on(self) -> None:
        """Start the server again, if it does not run."""
        if not (self._data / "postmaster.pid").exists():
            self._control("-l", str(self._data / "log"), "-o", shlex.join(self._command[3:]), "start")

    def _control(self, *arguments: str) -> None:
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        control = [*as_user, str(Path(self._command[0]).with_name("pg_ctl")), "-D", str(self._data), "-w", "-t", "30"]
        subprocess.run([*control, *arguments], check=True, capture_output=True, cwd=self._data)

    def stand_still(self) -> None:
        """Stop every process of the server; it keeps its connections, and answers nothing."""
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        self._stopped = [postmaster, *map(int, children)]
        for process in self._stopped:
            os.kill(process, signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the processes run again."""
        for process in self._stopped:
            os.kill(process, signal.SIGCONT)
        self._stopped = []
