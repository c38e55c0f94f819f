"""Outcomes of cases for continuous integration, in the form that JUnit's reports have."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from remit.cli.cases.reading import Case
from remit.cli.cases.running import Outcome

# A case, the backend that was asked, and what came of it.
Result = tuple[Case, str, Outcome]


def write_report(path: Path, results: Sequence[Result]) -> None:
    """Write a report: a suite for each file, a test for each case and backend.

    Raises:
        OSError: the file cannot be written.
    """
    root = ET.Element("testsuites", name="remit policy test")
    for file, found in groupby(results, key=lambda result: result[0].file):
        members = list(found)
        failures = sum(not outcome.has_passed for _, _, outcome in members)
        suite = ET.SubElement(root, "testsuite", name=str(file), tests=str(len(members)), failures=str(failures))
        for case, backend, outcome in members:
            test = ET.SubElement(suite, "testcase", classname=f"{file.stem}.{backend}", name=f"{case.id} {case.title}")
            if not outcome.has_passed:
                failure = ET.SubElement(test, "failure", message=f"expected {outcome.expected}, found {outcome.found}")
                failure.text = outcome.why
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
