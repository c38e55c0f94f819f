"""The extension of the models: SDKs and the server merge the same file, and nothing of AWS's is changed by it."""

import json
from pathlib import Path

import pytest

from remit.wire import models, sdk
from remit.wire.client import extended_session

_PUBLISHED = 17


def test_the_server_and_an_unchanged_sdk_have_the_same_operations() -> None:
    ours = models.load("artifact")

    theirs = extended_session().get_service_model("artifact")

    assert set(theirs.operation_names) == set(ours.operations)
    assert len(ours.operations) == _PUBLISHED + 7 + 10
    for name in ours.operations:
        assert theirs.operation_model(name).http["requestUri"] == ours.operations[name].http.request_uri


def test_an_extension_of_what_aws_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {"merge": {"operations": {}, "shapes": {"ReportDetail": {"type": "string"}}}}
    monkeypatch.setattr(sdk, "extension", lambda *_: json.dumps(taken).encode())

    with pytest.raises(LookupError, match="ReportDetail"):
        models.load.__wrapped__("artifact")


def test_most_services_have_no_extension() -> None:
    assert sdk.extension("iam", "2010-05-08") is None
    assert Path(sdk.folder(), "artifact", "2018-05-10").is_dir()
