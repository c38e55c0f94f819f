"""The canonical request. Source: `iam-sts` reference, section 2.1; RFC 3986, section 5.2.4."""

from urllib.parse import quote, unquote_to_bytes

import pytest
from botocore.utils import normalize_url_path
from hypothesis import given
from hypothesis import strategies as st

from remit.authn.canonical import (
    PARAMETERS_MAX,
    canonical_object_path,
    canonical_parameters,
    canonical_path,
    canonical_query,
    normalised,
)
from remit.errors import MalformedQueryString

PIECES = st.text(st.sampled_from("aZ09-_.~%+=/;é\xff !*'"), max_size=12)


def spelled(query: str) -> str:
    return canonical_query(canonical_parameters(query))


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("//", "/"),
        ("/a/", "/a/"),
        ("/a/b/../..", "/"),
        ("/../../a", "/a"),
        ("/a/./b//c/", "/a/b/c/"),
        ("/a%20b", "/a%2520b"),
        ("/a b", "/a%20b"),
        ("/a+b", "/a%2Bb"),
        ("/a%2Fb", "/a%252Fb"),
        ("/%2e%2e/a", "/%252e%252e/a"),
        ("/\xe1\x88\xb4", "/%E1%88%B4"),
        ("/a~b", "/a~b"),
        ("/a=b&c", "/a%3Db%26c"),
    ],
)
def test_a_path_is_normalised_and_encoded_once_more(path: str, canonical: str) -> None:
    assert canonical_path(path) == canonical


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/", "/"),
        ("//a/../b/./", "//a/../b/./"),
        ("/a%20b", "/a%20b"),
        ("/a b", "/a%20b"),
        ("/a+b", "/a%2Bb"),
        ("/a%2Fb", "/a%2Fb"),
        ("/a%2fb%41", "/a%2FbA"),
        ("/\xe1\x88\xb4", "/%E1%88%B4"),
        ("/a=b&c%26", "/a%3Db%26c%26"),
        ("/a%3d", "/a%3D"),
    ],
)
def test_an_objects_path_is_left_as_it_is_and_encoded_once(path: str, canonical: str) -> None:
    assert canonical_object_path(path) == canonical


@given(st.lists(st.sampled_from(["a", "b", "..", ".", "", "%41", "c d"]), max_size=8))
def test_a_path_is_normalised_as_botocore_does(segments: list[str]) -> None:
    path = "/" + "/".join(segments)

    assert canonical_path(path) == quote(normalize_url_path(path), safe="/~")
    assert normalised(normalised(path)) == normalised(path)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1", "a=1&a=2"),
        ("a-b=1&a=2", "a=2&a-b=1"),
        ("a", "a="),
        ("a=", "a="),
        ("&&a=1&", "a=1"),
        ("=1", "=1"),
        ("a=b=c", "a=b%3Dc"),
        ("a=%7e%41%2f%2F", "a=~A%2F%2F"),
        ("a=b+c", "a=b%20c"),
        ("a=b/c?d", "a=b%2Fc%3Fd"),
        ("%e1%88%b4=bar", "%E1%88%B4=bar"),
        ("\xe1\x88\xb4=bar", "%E1%88%B4=bar"),
        ("B=1&a=2", "B=1&a=2"),
        ("a;b=1", "a%3Bb=1"),
    ],
)
def test_a_query_string_has_one_spelling(query: str, canonical: str) -> None:
    assert spelled(query) == canonical


@given(st.lists(st.tuples(PIECES, PIECES), max_size=6))
def test_spelling_keeps_what_is_said(said: list[tuple[str, str]]) -> None:
    """Encoding, and decoding what was spelled, gives the names and values back."""
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in said]
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in encoded)

    found = canonical_parameters(query)

    assert sorted((unquote_to_bytes(name), unquote_to_bytes(value)) for name, value in found) == sorted(encoded)
    assert canonical_parameters(canonical_query(found)) == found


@pytest.mark.parametrize("query", ["%", "a=%", "a=%4", "a=%zz", "%g0=1", "a=%%41", "a=%\xe9\xe9"])
def test_a_bad_escape_is_refused(query: str) -> None:
    with pytest.raises(MalformedQueryString):
        canonical_parameters(query)
    with pytest.raises(MalformedQueryString):
        canonical_object_path(f"/{query}")


def test_there_may_be_so_many_parameters_and_no_more() -> None:
    assert len(canonical_parameters("&".join(["a=1"] * PARAMETERS_MAX))) == PARAMETERS_MAX

    with pytest.raises(MalformedQueryString):
        canonical_parameters("&".join(["a=1"] * (PARAMETERS_MAX + 1)))


@given(st.text(st.characters(max_codepoint=255), max_size=40))
def test_no_text_makes_it_stumble(text: str) -> None:
    assert canonical_path(f"/{text}").isascii()
    try:
        assert spelled(text).isascii()
        assert canonical_object_path(f"/{text}").isascii()
    except MalformedQueryString:
        assert "%" in text
