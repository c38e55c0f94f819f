"""Outcomes for continuous integration, in the form that JUnit's reports have."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec


class Test(msgspec.Struct, frozen=True):
    """One test of a report.

    Attributes:
        suite: the file it stands in.
        group, name: what reports call it.
        failure: what is wrong, in a line; empty when it passed.
        why: more lines about it.
    """

    suite: str
    group: str
    name: str
    failure: str = ""
    why: str = ""


def write_report(path: Path, name: str, tests: Sequence[Test]) -> None:
    """Write a report called *name*: a suite for each file.

    Raises:
        OSError: the file cannot be written.
    """
    root = ET.Element("testsuites", name=name)
    for file, found in groupby(tests, key=lambda test: test.suite):
        members = list(found)
        failures = sum(bool(test.failure) for test in members)
        suite = ET.SubElement(root, "testsuite", name=file, tests=str(len(members)), failures=str(failures))
        for test in members:
            case = ET.SubElement(suite, "testcase", classname=test.group, name=test.name)
            if test.failure:
                ET.SubElement(case, "failure", message=test.failure).text = test.why
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
