"""Groups of commands load what is asked for, and nothing else."""

import subprocess
import sys

import click
import pytest

from remit.cli import root
from remit.cli.groups import Group

CONTEXT = click.Context(root)
NESTED = [name for name in root.list_commands(CONTEXT) if isinstance(root.get_command(CONTEXT, name), Group)]


def group(name):
    found = root.get_command(CONTEXT, name)
    assert isinstance(found, Group)
    return found


def test_the_large_groups_load_their_commands_late():
    assert {"artifact", "compliance", "learn", "org", "responsibility"} <= set(NESTED)


@pytest.mark.parametrize("name", NESTED)
def test_the_overview_has_a_sentence_for_each_command(name):
    said = [place.says for place in group(name).places.values()]

    assert all(one[0].isupper() and one.endswith(".") for one in said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("name", NESTED)
def test_a_command_goes_by_the_name_under_which_it_is_found(name):
    outer = group(name)

    assert all(outer.get_command(click.Context(outer), one).name == one for one in outer.places)


@pytest.mark.parametrize("name", NESTED)
def test_what_no_group_knows_is_no_command(name):
    assert group(name).get_command(click.Context(root), "nothing") is None


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in NESTED)])
def test_help_of_a_group_loads_nothing_that_commands_do(arguments):
    program = (
        "import sys; from remit.cli import main; main(sys.argv[1:]); "
        "print(sorted(name for name in sys.modules if name.startswith('remit.') and not name.startswith('remit.cli')))"
    )

    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"


def test_a_server_starts_without_what_judges_snapshots():
    program = "import sys, remit.endpoint.compose; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = done.stdout.split()
    assert "remit.services.artifact.inquiries" in loaded
    assert not [one for one in loaded if one.startswith("remit.compliance")]


def test_a_lab_is_begun_without_what_grades_it():
    program = "import sys, remit.cli.learn_labs; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    loaded = done.stdout.split()
    assert "remit.compliance.learning.founding" in loaded
    assert not [
        one for one in loaded if one.startswith(("remit.compliance.checks", "remit.endpoint.compose", "botocore"))
    ]
