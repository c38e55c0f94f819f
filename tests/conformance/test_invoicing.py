"""Invoices over a served endpoint: the AWS CLI, and a link that anybody follows."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bills import line, written
from serving import ACCOUNT, Served, served

pytestmark = pytest.mark.conformance
NUMBER = f"R-202601-{ACCOUNT}"
SELECTOR = ("--selector", f"ResourceType=ACCOUNT_ID,Value={ACCOUNT}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder: Path = tmp_path_factory.mktemp("data")
    with served("--data", str(folder)) as found:
        own: dict[str, Any] = {"account": ACCOUNT, "payer": ACCOUNT}
        written(folder, [line(1, "2026-01-01", "1.25", **own)], closed=["2026-01"])
        found.opens_bills()
        yield found


def test_the_cli_lists_invoices_and_gets_one(server: Served) -> None:
    listed = server.aws("invoicing", "list-invoice-summaries", *SELECTOR)
    got = server.aws("invoicing", "get-invoice-pdf", "--invoice-id", NUMBER)

    assert listed.returncode == 0, listed.stderr
    (summary,) = json.loads(listed.stdout)["InvoiceSummaries"]
    assert (summary["InvoiceId"], summary["BaseCurrencyAmount"]["TotalAmount"]) == (NUMBER, "1.25")
    assert got.returncode == 0, got.stderr
    url = json.loads(got.stdout)["InvoicePDF"]["DocumentUrl"]
    with urllib.request.urlopen(url) as answer:
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.read().startswith(b"%PDF")
    (record,) = server.events(EventName="GetInvoicePDF")
    assert (record["eventSource"], record["readOnly"]) == ("invoicing.amazonaws.com", True)


def test_the_cli_is_told_what_is_no_invoice(server: Served) -> None:
    refused = server.aws("invoicing", "get-invoice-pdf", "--invoice-id", "R-1")

    assert refused.returncode != 0
    assert "ResourceNotFoundException" in refused.stderr
