"""`remit policy`: policies as files, checked, tested and timed without a server.

Source: `cli-and-python` reference, section 1.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click
import msgspec

from remit.cli.cases import BACKENDS, Case, CasesUnreadable, Outcome, read_cases, run
from remit.cli.cases.documents import Finding, PolicyFile, check, guess
from remit.cli.cases.junit import Test, write_report
from remit.cli.cases.running import is_decided
from remit.cli.cases.workload import WorkloadUnreadable, measure, read_workload
from remit.cli.frame import Framed
from remit.cli.output import REFUSED, Failed, Say, json_option
from remit.policy import DocumentMalformed, PolicyType, parse
from remit.policy.language.printing import to_json

_PATHS = click.Path(exists=True, path_type=Path)
_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)
_CONFIDENCES = ("documented", "observed", "ruling")
_ROUNDS_MIN = 30

# A case, the backend that was asked, and what came of it.
Result = tuple[Case, str, Outcome]


@click.group("policy")
def command() -> None:
    """Check, test, time and print policies that lie in files."""


# -- test


@command.command("test", cls=Framed, example="remit policy test tests/policies --junit report.xml")
@click.argument("paths", nargs=-1, required=True, type=_PATHS, metavar="PATH...")
@click.option(
    "--backend", "backends", multiple=True, type=click.Choice(list(BACKENDS)), help="Ask only this one; all by default."
)
@click.option(
    "--confidence", "confidences", multiple=True, type=click.Choice(_CONFIDENCES), help="Only cases that are so sure."
)
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a report in JUnit's form.")
@json_option
def test(
    *,
    paths: tuple[Path, ...],
    backends: tuple[str, ...],
    confidences: tuple[str, ...],
    junit: Path | None,
    as_json: bool,
) -> int:
    """Run the cases in files and folders; a case passes when every backend gives its answer.

    Exit status 1 when one fails.
    """
    try:
        found = read_cases(paths)
    except CasesUnreadable as error:
        raise Failed(str(error)) from None
    chosen = [case for case in found if not confidences or case.confidence in confidences]
    if not chosen:
        raise Failed(f"no cases to run in {', '.join(map(str, paths))}")
    with Say.working("running cases"):
        results = _results(chosen, backends or tuple(BACKENDS))
    if junit is not None:
        try:
            write_report(junit, "remit policy test", [_reported(result) for result in results])
        except OSError as error:
            raise Failed(f"cannot write {junit}: {error.strerror}") from None
    failed = {id(case) for case, _, outcome in results if not outcome.has_passed}
    if as_json:
        Say.json(_as_data(chosen, failed, results))
    else:
        _show(chosen, failed, results)
    return REFUSED if failed else 0


def _reported(result: Result) -> Test:
    case, backend, outcome = result
    failure = "" if outcome.has_passed else f"expected {outcome.expected}, found {outcome.found}"
    return Test(str(case.file), f"{case.file.stem}.{backend}", f"{case.id} {case.title}", failure, outcome.why)


def _results(cases: Sequence[Case], backends: Sequence[str]) -> list[Result]:
    """Run each case: decisions by every backend, the others once."""
    return [
        (case, backend, run(case, BACKENDS[backend]))
        for case in cases
        for backend in (backends if is_decided(case) else backends[:1])
    ]


def _show(cases: Sequence[Case], failed: set[int], results: Iterable[Result]) -> None:
    for case, backend, outcome in results:
        if not outcome.has_passed:
            Say.line(_failure(case, backend, outcome))
    kinds = [confidence for confidence in _CONFIDENCES if any(case.confidence == confidence for case in cases)]
    if len(kinds) > 1:
        for confidence in kinds:
            Say.line(f"{confidence}: {_count([case for case in cases if case.confidence == confidence], failed)}")
    Say.line(_count(cases, failed))


def _failure(case: Case, backend: str, outcome: Outcome) -> str:
    lines = [
        f"FAILED {case.id}{f' ({backend})' if is_decided(case) else ''}: {case.title}",
        f"    expected  {outcome.expected}",
        f"    found     {outcome.found}",
    ]
    return "\n".join([*lines, *(f"    {line}" for line in outcome.why.splitlines())])


def _count(cases: Sequence[Case], failed: set[int]) -> str:
    failures = sum(id(case) in failed for case in cases)
    return f"{len(cases) - failures} passed, {failures} failed"


def _as_data(cases: Sequence[Case], failed: set[int], results: Iterable[Result]) -> dict[str, object]:
    return {
        "passed": len(cases) - len(failed),
        "failed": len(failed),
        "failures": [
            {"id": case.id, "backend": backend, "file": str(case.file), "title": case.title, **_outcome(outcome)}
            for case, backend, outcome in results
            if not outcome.has_passed
        ],
    }


def _outcome(outcome: Outcome) -> dict[str, str]:
    return {"expected": outcome.expected, "found": outcome.found, "why": outcome.why}


# -- bench


@command.command("bench", cls=Framed, example="remit policy bench workload.json --json")
@click.argument("workload", type=_FILES, metavar="WORKLOAD.json")
@click.option(
    "--backend", type=click.Choice(list(BACKENDS)), default="evaluate", show_default=True, help="What is timed."
)
@click.option(
    "--rounds",
    type=click.IntRange(_ROUNDS_MIN, 10_000),
    default=_ROUNDS_MIN,
    show_default=True,
    help="Rounds over all requests.",
)
@json_option
def bench(*, workload: Path, backend: str, rounds: int, as_json: bool) -> int:
    """Time decisions on a workload: medians of rounds, single calls, compiling, memory.

    Exit status 1 when an answer is wrong.
    """
    try:
        asked = read_workload(workload)
        with Say.working("measuring"):
            figures = measure(asked, backend, rounds)
    except WorkloadUnreadable as error:
        raise Failed(str(error)) from None
    except (DocumentMalformed, KeyError, ValueError) as error:
        raise Failed(f"{workload}: no workload: {error}") from None
    if as_json:
        Say.json({name: _rounded(value) for name, value in msgspec.structs.asdict(figures).items()})
    else:
        Say.pairs({name: f"{_rounded(value):,}" for name, value in msgspec.structs.asdict(figures).items()})
    return REFUSED if figures.wrong else 0


def _rounded(value: float) -> float:
    return value if isinstance(value, int) else round(value, 3) if value < 1_000 else round(value)  # noqa: PLR2004


# -- check and fmt


@command.command("check", cls=Framed, example="remit policy check policies/*.json")
@click.argument("files", nargs=-1, required=True, type=_FILES, metavar="FILE...")
@click.option(
    "--type",
    "kind",
    type=click.Choice([kind.value for kind in PolicyType]),
    help="What the documents are to be; by default read off them: a principal makes a trust or a resource policy.",
)
@json_option
def check_files(*, files: tuple[Path, ...], kind: str | None, as_json: bool) -> int:
    """Say which documents AWS would refuse, in its words, and where.

    Exit status 1 when there is one.
    """
    findings: list[tuple[Path, Finding]] = []
    for path in files:
        text = _read(path)
        finding = check(text, PolicyType(kind) if kind else guess(text))
        if finding is not None:
            findings.append((path, finding))
    if as_json:
        Say.json([{"file": str(path), **msgspec.structs.asdict(finding)} for path, finding in findings])
    else:
        for path, finding in findings:
            because = f" ({finding.because})" if finding.because else ""
            Say.line(f"{path}:{finding.line}:{finding.column}: {finding.message}{because}")
        Say.line(f"{len(files) - len(findings)} accepted, {len(findings)} refused")
    return REFUSED if findings else 0


@command.command("fmt", cls=Framed, example="remit policy fmt --write policies/*.json")
@click.argument("files", nargs=-1, required=True, type=_FILES, metavar="FILE...")
@click.option("-w", "--write", is_flag=True, help="Write the files instead of printing them.")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit status 1 when a file would change.")
@json_option
def fmt(*, files: tuple[Path, ...], write: bool, only_check: bool, as_json: bool) -> int:
    """Print policies in one form: elements in one order, two blanks a level."""
    printed = [PolicyFile(path, _printed(path, _read(path))) for path in files]
    changed = [file for file in printed if file.text != _read(file.path)]
    if write and not only_check:
        for file in changed:
            file.write()
    if as_json:
        Say.json([{"file": str(file.path), "changes": file in changed, "text": file.text} for file in printed])
    elif write or only_check:
        for file in changed:
            Say.line(f"{file.path} {'would change' if only_check else 'changed'}")
    else:
        for file in printed:
            click.echo(file.text, nl=False)
    return REFUSED if only_check and changed else 0


def _printed(path: Path, text: str) -> str:
    try:
        return to_json(parse(text), indent=2) + "\n"
    except DocumentMalformed as error:
        raise Failed(f"{path}: no policy: {error}", REFUSED) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Failed(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Failed(f"{path} is not UTF-8") from None
