from hypothesis import given
from hypothesis import strategies as st

from remit.pdf import is_serial, new_serial
from remit.pdf.serials import ALPHABET, LENGTH, serials_in, with_checks

serials = st.lists(st.integers(0, 31), min_size=18, max_size=18).map(with_checks)
characters = st.sampled_from(ALPHABET)
places = st.integers(0, LENGTH - 1)


def test_new_serials_are_serials_and_differ() -> None:
    drawn = {new_serial() for _ in range(1000)}

    assert len(drawn) == 1000
    assert all(is_serial(serial) and len(serial) == 20 for serial in drawn)
    assert not set("IO01") & set("".join(drawn))


@given(serials, places, characters, places, characters)
def test_two_misread_characters_never_make_another_serial(serial: str, a: int, x: str, b: int, y: str) -> None:
    read = list(serial)
    read[a], read[b] = x, y

    assert is_serial("".join(read)) is ("".join(read) == serial)


@given(serials, places, places)
def test_two_characters_that_change_places_never_make_another_serial(serial: str, a: int, b: int) -> None:
    read = list(serial)
    read[a], read[b] = read[b], read[a]

    assert is_serial("".join(read)) is ("".join(read) == serial)


@given(serials, st.sampled_from("IO01 -a\u00c4"), places)
def test_a_character_of_another_alphabet_is_in_no_serial(serial: str, foreign: str, place: int) -> None:
    assert is_serial(serial)
    assert not is_serial(serial[:place] + foreign + serial[place + 1 :])
    assert not is_serial(serial[:place] + serial[place + 1 :])
    assert not is_serial(serial + "A")


@given(serials, serials)
def test_serials_are_found_as_words_of_a_text(one: str, other: str) -> None:
    assert serials_in(f"Serial {one}, and {other}. Again {one}") == list(dict.fromkeys([one, other]))
    assert serials_in(f"X{one} {other}2 {one[:-1]}") == []
