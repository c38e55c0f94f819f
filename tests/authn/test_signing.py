"""Signing as clients do: as botocore does."""

from datetime import UTC, datetime

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from remit.authn.signing import signed_headers
from remit.ids import Secret

AT = datetime(2026, 11, 24, 10, 20, 30, tzinfo=UTC)


class _At(SigV4Auth):
    """botocore's signer, at a fixed time."""

    def add_auth(self, request):
        request.context["timestamp"] = AT.strftime("%Y%m%dT%H%M%SZ")
        self._modify_request_before_signing(request)
        request.headers.replace_header("X-Amz-Date", AT.strftime("%Y%m%dT%H%M%SZ"))
        canonical = self.canonical_request(request)
        self._inject_signature_to_request(request, self.signature(self.string_to_sign(request, canonical), request))


@given(form=st.binary(max_size=200), secret=st.text("abcXYZ019/+", min_size=1, max_size=40))
def test_it_signs_as_botocore_does(form, secret):
    asked = AWSRequest(
        "POST",
        "http://127.0.0.1:7364/",
        data=form,
        headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Host": "127.0.0.1:7364"},
    )
    _At(Credentials("AKIDEXAMPLE", secret), "sts", "eu-west-1").add_auth(asked)

    ours = signed_headers(
        "127.0.0.1:7364", "sts", "eu-west-1", form, key_id="AKIDEXAMPLE", secret=Secret(secret), at=AT
    )

    assert ours["authorization"] == asked.headers["Authorization"]
