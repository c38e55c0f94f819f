"""Transcripts of the documentation run as they are printed: commands in one shell, outputs line by line.

A page's blocks of commands are one transcript; blocks of YAML and JSON that begin with a name are files beside it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from serving import ACCOUNT, CLEAN, served

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_FILE = re.compile(r"```(?:yaml|json)\n(?:#|//) (\S+)\n(.*?)```", re.DOTALL)
_END = "<end of what the command printed>"


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a transcript, each with the lines that it prints."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def as_pattern(lines: list[str]) -> str:
    """Make a pattern of what is printed; three dots stand for the rest of a line, alone for any lines."""
    parts = [r"(?:.*\n)*" if line == "..." else re.escape(line.removesuffix("...")) for line in lines]
    rests = ["" if line == "..." else r".*\n" if line.endswith("...") else r"\n" for line in lines]
    return "".join(part + rest for part, rest in zip(parts, rests, strict=True))


@pytest.mark.conformance
@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/tutorials/organizations.md",
        "docs/tutorials/artifact.md",
        "docs/tutorials/compliance.md",
        "docs/tutorials/learning.md",
        "docs/tutorials/invoices.md",
        "docs/tutorials/prices.md",
        "docs/billing-exports.md",
    ],
)
def test_a_transcript_runs_as_it_is_printed(page: str, tmp_path: Path) -> None:
    text = (ROOT / page).read_text()
    transcript = steps("".join(_BLOCK.findall(text)))
    for name, content in _FILE.findall(text):
        (tmp_path / name).write_text(content)
    script = "".join(f"{command} 2>&1\necho '{_END}'\n" for command, _ in transcript)
    environment = {
        **CLEAN,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "AWS_PAGER": "",
        "DATA": str(tmp_path / "data"),
        "REMIT_EXPORTS_FOLDER": str(tmp_path / "buckets"),
        "AWS_CONFIG_FILE": os.devnull,
    }

    kept = {name: environment[name] for name in ("XDG_STATE_HOME", "REMIT_EXPORTS_FOLDER")}
    with served("--data", str(tmp_path / "data"), **kept) as server:
        assert server.account == ACCOUNT
        done = subprocess.run(
            ["bash", "-c", script],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            check=False,
            timeout=120,
        )

    printed = done.stdout.split(f"{_END}\n")
    wrong: list[str] = []
    for (command, expected), output in zip(transcript, printed, strict=False):
        seen = "".join(f"{line}\n" for line in output.splitlines() if line.strip())
        if re.fullmatch(as_pattern(expected), seen) is None:
            wrong.append(f"{command}\nprinted:\n{output}")
    assert not wrong, "\n".join(wrong)
    assert len(printed) == len(transcript) + 1
