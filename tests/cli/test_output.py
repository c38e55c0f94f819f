"""How commands write what they found."""

import json

import pytest

from remit.cli.output import Say


@pytest.mark.parametrize("count", [0, 1, 999, 1_000, 1_001])
def test_rows_are_written_as_they_come(capsys, count) -> None:
    rows = [(f"row-{number}", number) for number in range(count)]

    Say.rows(("name", "number"), iter(rows), as_json=True)
    assert json.loads(capsys.readouterr().out) == [{"name": name, "number": number} for name, number in rows]

    Say.rows(("name", "number"), iter(rows), as_json=False)
    written = [tuple(line.split()) for line in capsys.readouterr().out.splitlines()]
    shown = [("name", "number"), *((name, str(number)) for name, number in rows)]
    assert written == (shown if rows else [("Nothing.",)])
