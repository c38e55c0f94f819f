"""`remit org test`: cases of organizations, without a server.

Source: `organizations` reference, 9.2 and 10.2.
"""

from pathlib import Path

import click

from remit.cli.cases.organization import OrganizationCase, read_organization_cases, run_organization_case
from remit.cli.cases.reading import CasesUnreadable
from remit.cli.cases.running import Outcome
from remit.cli.frame import framed
from remit.cli.output import REFUSED, Failed, Say, json_option

_USED_WRONGLY = 2

Result = tuple[Path, OrganizationCase, Outcome]


@framed("test", "remit org test tests/organizations")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@json_option
def test(*, paths: tuple[Path, ...], as_json: bool) -> int:
    """Run the cases in files and folders: effective policies, and what service control policies leave.

    Exit status 1 when one fails, 2 when a file is no case.
    """
    try:
        found = read_organization_cases(paths)
    except CasesUnreadable as error:
        raise Failed(str(error), _USED_WRONGLY) from None
    if not found:
        raise Failed(f"no cases to run in {', '.join(map(str, paths))}", _USED_WRONGLY)
    with Say.working("running cases"):
        results = [(file, case, run_organization_case(case)) for file, case in found]
    failed = [result for result in results if not result[2].has_passed]
    if as_json:
        Say.json(
            {
                "passed": len(results) - len(failed),
                "failed": len(failed),
                "failures": [_as_data(result) for result in failed],
            }
        )
    else:
        for result in failed:
            Say.line(_failure(result))
        Say.line(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return REFUSED if failed else 0


def _failure(result: Result) -> str:
    file, case, outcome = result
    lines = [
        f"FAILED {case.id}: {case.title or file}",
        f"    expected  {outcome.expected}",
        f"    got       {outcome.found}",
    ]
    return "\n".join([*lines, *([f"    {outcome.why}"] if outcome.why else [])])


def _as_data(result: Result) -> dict[str, str]:
    file, case, outcome = result
    return {
        "id": case.id,
        "file": str(file),
        "title": case.title,
        "expected": outcome.expected,
        "got": outcome.found,
        "why": outcome.why,
    }
