"""The promises of the tree: sizes, names, docstrings, who makes what, and that data and code name the same things."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from remit.authz.condition_keys import CONDITION_KEYS
from remit.authz.input_keys import ABSENT_KEYS, INPUT_KEYS
from remit.authz.operations import operations
from remit.authz.resources import FINDERS
from remit.endpoint.compose import SERVICES
from remit.wire import Wire

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "remit"
MODULES = sorted(SOURCE.rglob("*.py"))
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "manager"}
LINES_MAX = 430


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_holds_one_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_MAX


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_has_a_name_that_says_something(path: Path) -> None:
    assert FORBIDDEN.isdisjoint({path.stem, *path.relative_to(SOURCE).parent.parts})


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_about(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def _calls(tree: ast.AST, called: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == called:
            yield node


def test_only_authz_makes_a_call() -> None:
    makers = {name(path) for path in MODULES if list(_calls(ast.parse(path.read_text()), "Call"))}

    assert makers == {"src/remit/authz/authorize.py"}


def test_time_comes_from_the_clock() -> None:
    asks = re.compile(r"datetime\.now\(|datetime\.utcnow\(|time\.time\(")
    allowed = {"clock.py", "cli"}  # a command of its own process asks the machine

    found = {
        str(path.relative_to(SOURCE))
        for path in MODULES
        if asks.search(path.read_text()) and not allowed & {path.relative_to(SOURCE).parts[0], path.name}
    }

    assert found == set()


@pytest.mark.parametrize("service", SERVICES)
def test_every_handler_is_an_operation_of_the_model(service: str) -> None:
    assert set(SERVICES[service].handlers) <= set(Wire([service]).operations(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_handler_is_authorised_as_something(service: str) -> None:
    assert set(operations()[service]) == set(SERVICES[service].handlers)


def test_every_condition_key_of_an_operation_has_a_value_and_a_description() -> None:
    listed = {key for service in operations().values() for operation in service.values() for key in operation.keys}

    of_resources = {
        "iam:ResourceTag",
        "aws:ResourceTag",
        "account:AccountResourceOrgPaths",
        "artifact:ReportCategory",
        "artifact:ReportSeries",
        "organizations:TransferDirection",
    }
    assert listed <= INPUT_KEYS | ABSENT_KEYS | of_resources
    assert ABSENT_KEYS.isdisjoint(INPUT_KEYS)
    assert set(CONDITION_KEYS) >= INPUT_KEYS


def test_every_kind_of_resource_has_a_finder() -> None:
    listed = {operation.resource for service in operations().values() for operation in service.values()}

    assert listed - {""} <= set(FINDERS)


_CODE = re.compile(r'ServiceError\(\s*"([A-Za-z]+)"')


@pytest.mark.parametrize("service", SERVICES)
def test_every_error_of_a_service_is_in_its_model(service: str) -> None:
    wire = Wire([service])
    known = {
        name
        for operation in wire.operations(service)
        for error in wire.facts(service, operation).errors
        for name in (error.code, error.shape)
    } | {"ValidationError", "InvalidParameterValue"}  # common errors of the query protocol

    raised = {code for path in (SOURCE / "services" / service).glob("*.py") for code in _CODE.findall(path.read_text())}

    assert raised <= known


def test_every_dependency_has_a_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *(name for names in project["optional-dependencies"].values() for name in names)]
    page = (ROOT / "docs" / "dependencies.md").read_text()

    missing = [name for asked_one in asked if f"| {(name := re.split('[^a-z0-9-]', asked_one)[0])} " not in page]

    assert missing == []


_LINK = re.compile(r"\]\(([^)#\s]+)")


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("benchmarks/*.md")]), ids=name
)
def test_every_link_of_the_documentation_leads_somewhere(page: Path) -> None:
    dead = [
        link
        for link in _LINK.findall(page.read_text())
        if not link.startswith(("http://", "https://")) and not (page.parent / link).exists()
    ]

    assert dead == []


_TESTS = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_every_property_names_a_test_that_exists() -> None:
    named = _TESTS.findall((ROOT / "docs" / "properties.md").read_text())

    missing = [
        (path, function)
        for path, function in named
        if not (ROOT / path).exists() or (function and f"def {function}(" not in (ROOT / path).read_text())
    ]

    assert named
    assert missing == []


def test_nothing_names_a_machine_or_a_registry() -> None:
    told = re.compile(r"/work/|/root/\.|/home/|pypi\.org|files\.pythonhosted")
    kept = {".py", ".md", ".toml", ".json", ".lock", ".pyi", ""}

    found = [
        name(path)
        for folder in ("src", "docs", "tools", "benchmarks", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in kept and "__pycache__" not in path.parts and told.search(path.read_text())
    ]

    assert found == []
