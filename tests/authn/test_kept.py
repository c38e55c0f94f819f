"""What is kept has an end."""

from remit.authn.kept import Kept


def test_the_oldest_entry_goes_when_there_is_no_room() -> None:
    kept: Kept[str, int] = Kept(2)

    assert [kept.keep(name, number) for number, name in enumerate("abc")] == [0, 1, 2]

    assert kept == {"b": 1, "c": 2}


def test_an_entry_that_is_there_pushes_nothing_out() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("a", 1)
    kept.keep("b", 2)

    kept.keep("a", 3)

    assert kept == {"a": 3, "b": 2}
