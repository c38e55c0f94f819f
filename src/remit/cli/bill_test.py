"""`remit bill test`: scenarios billed and compared with what they expect.

Source: `consolidated-billing` reference, 8.4.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from remit.billing.scenarios.differences import Difference
from remit.billing.scenarios.outcomes import bill_scenario, differences
from remit.billing.scenarios.reading import read_scenario
from remit.billing.scenarios.times import ScenarioMistake
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option

_USED_WRONGLY = 2
_SUFFIXES = (".yaml", ".yml", ".json")


class _Result(NamedTuple):
    file: Path
    title: str
    found: Sequence[Difference]


@framed("test", "remit bill test scenarios/")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@json_option
def test(*, paths: tuple[Path, ...], as_json: bool) -> int:
    """Bill the scenarios in files and folders, and compare with what they expect.

    Exit status 1 when one differs, 2 when a file is no scenario.
    """
    files = [file for path in paths for file in scenario_files(path)]
    if not files:
        raise Failed(f"no scenarios to run in {', '.join(map(str, paths))}", _USED_WRONGLY)
    with Say.working("billing"):
        results = list(map(_run, files))
    failed = [result for result in results if result.found]
    if as_json:
        Say.json(
            {
                "passed": len(results) - len(failed),
                "failed": len(failed),
                "failures": [
                    {
                        "file": str(result.file),
                        "title": result.title,
                        "differences": [one._asdict() for one in result.found],
                    }
                    for result in failed
                ],
            }
        )
    else:
        for result in failed:
            Say.line(f"FAILED {result.file}: {result.title}")
            for one in result.found:
                Say.line(f"    {one.what}: expected {one.expected}, found {one.found}")
        Say.line(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return REFUSED if failed else 0


def scenario_files(path: Path) -> Iterator[Path]:
    """Return the file itself, or the files of scenarios in a folder, in the order of their names."""
    if path.is_dir():
        yield from (file for file in sorted(path.rglob("*")) if file.suffix in _SUFFIXES and file.is_file())
    else:
        yield path


def _run(file: Path) -> _Result:
    try:
        form = read_scenario(file)
        return _Result(file, form.title, differences(bill_scenario(form)))
    except ScenarioMistake as error:
        message = str(error)
        raise Failed(message if message.startswith(file.name) else f"{file}: {message}", _USED_WRONGLY) from None
