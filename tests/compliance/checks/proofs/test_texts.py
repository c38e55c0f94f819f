from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.compliance.checks.proofs.texts import arn_form, fits, form, witnesses
from remit.policy.language.wildcards import glob, pieces

patterns = st.text("ab*?", max_size=5)


def of(*written):
    return tuple(form(pieces(one)) for one in written)


@given(patterns, st.text("abc", max_size=7))
def test_a_form_takes_what_its_pattern_matches(pattern, text):
    assert fits(form(pieces(pattern)), text) is glob(pieces(pattern)).matches(text)


@given(st.lists(patterns, max_size=3), patterns)
def test_no_text_fits_in_a_way_of_which_there_is_no_witness(written, within):
    """Of all texts of up to five characters, tried one by one."""
    forms, (inside,) = of(*written), of(within)
    found, is_complete = witnesses(forms, (inside,))

    ways = {tuple(fits(one, text) for one in forms) for text in found}

    assert is_complete
    assert len(ways) == len(found)
    assert all(fits(inside, text) for text in found)
    for size in range(6):
        for text in map("".join, product("abc", repeat=size)):
            if fits(inside, text):
                assert tuple(fits(one, text) for one in forms) in ways


@pytest.mark.parametrize(
    ("forms", "within", "found"),
    [
        (of(), of("*"), {"x"}),
        (of("a*", "*b"), of("*"), {"x", "a", "b", "ab"}),
        (of("*"), of("*"), {"x"}),
        (of(""), of("*"), {"x", ""}),
        (of("team/*"), of("arn/*"), {"arn/"}),
        (of("a"), of("b*"), {"b"}),
        (of(), of("a", "b"), set()),
        ((form(("Ab",), ignore_case=True), form(("ab",))), of("*"), {"x", "AB", "ab"}),
    ],
)
def test_witnesses_are_short(forms, within, found):
    assert set(witnesses(forms, within)[0]) == found


def test_a_wildcard_of_an_arn_ends_at_the_colon_but_in_the_last_part():
    written = arn_form([pieces(part) for part in ("arn", "*", "sns", "", "1?", "a*")])

    assert fits(written, "arn:aws:sns::12:a:b")
    assert not fits(written, "arn:aws:sns:sns::12:a")
    assert not fits(written, "arn:aws:sns::1:a")


def test_so_many_states_that_not_all_are_looked_at_are_told():
    forms = of(*(f"*{letter}???????????????" for letter in "abcdefgh"))

    assert witnesses(forms, of("*"))[1] is False
