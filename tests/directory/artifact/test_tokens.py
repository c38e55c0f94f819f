"""Tokens of an acceptance and links to documents: good for what they were made for, for a time, and unaltered."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from directory.conftest import AT
from hypothesis import given
from hypothesis import strategies as st

from remit.directory.artifact.facts import TokenRefused
from remit.directory.artifact.links import Plain, Stamped, follow, link_to
from remit.directory.artifact.tokens import TOKEN_SECONDS, check_token, seal_token
from remit.directory.links import LINK_SECONDS, LinkRefused
from remit.store import Keyring
from remit.store.sealing import new_data_key

BOUND = ("111122223333", "arn:aws:iam::111122223333:user/ana", "", "report-x:1", "term-x:1")
SECOND = timedelta(seconds=1)


def test_a_token_lives_for_an_hour(keyring: Keyring) -> None:
    token = seal_token(keyring, "term-token", BOUND, AT)
    assert len(token) <= 256

    check_token(keyring, "term-token", token, BOUND, AT + timedelta(seconds=TOKEN_SECONDS) - SECOND)
    with pytest.raises(TokenRefused):
        check_token(keyring, "term-token", token, BOUND, AT + timedelta(seconds=TOKEN_SECONDS))


@pytest.mark.parametrize("place", range(len(BOUND)))
def test_a_token_is_good_for_what_it_is_bound_to(keyring: Keyring, place: int) -> None:
    token = seal_token(keyring, "term-token", BOUND, AT)
    other = (*BOUND[:place], BOUND[place] + "0", *BOUND[place + 1 :])

    check_token(keyring, "term-token", token, BOUND, AT)
    with pytest.raises(TokenRefused):
        check_token(keyring, "term-token", token, other, AT)


def test_a_token_of_another_purpose_or_store_is_refused(keyring: Keyring) -> None:
    token = seal_token(keyring, "nda-token", BOUND, AT)
    body = token.removeprefix("nda-token-")
    elsewhere = seal_token(Keyring(b"n" * 32, [new_data_key(b"n" * 32)]), "term-token", BOUND, AT)

    for other in (token, body, f"term-token-{body}", elsewhere, "", "term-token-"):
        with pytest.raises(TokenRefused):
            check_token(keyring, "term-token", other, BOUND, AT)


@given(st.data())
def test_a_token_with_one_other_character_is_refused(keyring: Keyring, data: st.DataObject) -> None:
    token = seal_token(keyring, "term-token", BOUND, AT)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda one: one != token[place]))

    with pytest.raises(TokenRefused):
        check_token(keyring, "term-token", token[:place] + letter + token[place + 1 :], BOUND, AT)


@pytest.mark.parametrize("target", [Plain("d" * 64), Plain("d" * 64, "text/csv"), Stamped("acceptance")])
def test_a_link_leads_for_five_minutes_to_what_it_was_made_for(keyring: Keyring, target: Plain | Stamped) -> None:
    url = urlsplit(link_to(keyring, "http://127.0.0.1:7364", "SOC 2.pdf", target, AT))
    assert url.path == "/_remit/artifact/SOC%202.pdf"

    assert follow(keyring, url.path, url.query, AT + timedelta(seconds=LINK_SECONDS) - SECOND) == target
    with pytest.raises(LinkRefused):
        follow(keyring, url.path, url.query, AT + timedelta(seconds=LINK_SECONDS))


@given(st.data())
def test_a_link_with_one_other_character_leads_nowhere(keyring: Keyring, data: st.DataObject) -> None:
    link = link_to(keyring, "http://h", "a.pdf", Plain("d" * 64), AT).removeprefix("http://h")
    place = data.draw(st.integers(0, len(link) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda one: one != link[place]))
    path, _, query = (link[:place] + letter + link[place + 1 :]).partition("?")

    with pytest.raises(LinkRefused):
        follow(keyring, path, query, AT)


@pytest.mark.parametrize(
    "query",
    ["", "Expires=1", "Signature=x", "Expires=1&Signature=", "Expires=x&Signature=AAAA", "Expires=1&Expires=1"],
)
def test_a_query_that_is_none_of_a_link_leads_nowhere(keyring: Keyring, query: str) -> None:
    with pytest.raises(LinkRefused):
        follow(keyring, "/_remit/artifact/a.pdf", query, AT)
