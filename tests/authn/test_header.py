"""The `Authorization` header, read strictly, kept only when whole. Source: `iam-sts` reference, section 2.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.authn import header
from remit.authn.header import read_header
from remit.authn.kept import Kept
from remit.authn.presented import Presented
from remit.authn.scope import Terms
from remit.request import HttpRequest

CREDENTIAL = "AKIA/20261123/us-east-1/iam/aws4_request"
SIGNATURE = "a1" * 32
WHOLE = f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature={SIGNATURE}"


def read(authorization: str, **headers: str) -> Presented:
    sent = {"x-amz-date": "20261123T175949Z", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return read_header(HttpRequest("GET", "/", "", sent, b"", ""), authorization, "a=1")


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Kept[str, Terms]:
    kept: Kept[str, Terms] = Kept(8)
    monkeypatch.setattr(header, "_known", kept)
    return kept


def test_a_header_says_the_same_the_second_time(known: Kept[str, Terms]) -> None:
    first, second = read(WHOLE), read(WHOLE)

    assert first == second
    assert second.terms is first.terms
    assert list(known) == [WHOLE.removesuffix(SIGNATURE)]
    assert (first.signature, first.missing, first.queries) == (SIGNATURE, "", ("a=1",))
    assert first.terms.names == ("host", "x-amz-date")


@pytest.mark.parametrize(
    "authorization",
    [
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, Signature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=hostSignature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host, XSignature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host, Signature=x, Signature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, Credential=x, SignedHeaders=host, Signature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host, signature={SIGNATURE}",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders=host, Signature={SIGNATURE}, Signature",
        f"AWS4-HMAC-SHA256Credential={CREDENTIAL}, SignedHeaders=host, Signature={SIGNATURE}",
        "AWS4-",
        "AWS4-HMAC-SHA256",
        SIGNATURE,
    ],
)
def test_what_lacks_a_part_or_has_it_twice_lacks_it_each_time(known: Kept[str, Terms], authorization: str) -> None:
    first, second = read(authorization), read(authorization)

    assert first.missing
    assert second.missing == first.missing
    assert not known


@pytest.mark.parametrize(
    "authorization",
    [
        WHOLE.removesuffix("1"),
        f"{WHOLE}1",
        WHOLE.replace(SIGNATURE, "short"),
        f"AWS4-HMAC-SHA256 Signature={SIGNATURE}, Credential={CREDENTIAL}, SignedHeaders=host",
        f"AWS4-HMAC-SHA256 Credential={CREDENTIAL}, SignedHeaders={'h' * 2_000}, Signature={SIGNATURE}",
    ],
)
def test_what_is_unusual_is_read_and_not_kept(known: Kept[str, Terms], authorization: str) -> None:
    assert not read(authorization).missing
    assert not known


def test_something_else_in_the_place_of_the_signature_is_not_one() -> None:
    assert read(WHOLE).signature == SIGNATURE

    beside = WHOLE.removesuffix(SIGNATURE) + "x, Credential=B".ljust(64, "b")

    assert read(beside).missing.startswith("Authorization header requires 'Credential' parameter.")


def test_the_date_is_that_of_amazon_before_the_usual_one() -> None:
    assert read(WHOLE, date="x").date == "20261123T175949Z"
    assert read(WHOLE, date="x", x_amz_date="").date == "x"
    assert "existence of either a 'X-Amz-Date' or a 'Date' header" in read(WHOLE, x_amz_date="").missing


@given(st.text(st.sampled_from("AWS4-HC redntial=Sgu,;/ħé\t"), max_size=200))
def test_no_header_makes_it_stumble(text: str) -> None:
    read(f"AWS4-{text}")
    read(f"{WHOLE}{text}")
