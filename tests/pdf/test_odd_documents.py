"""Whatever document is taken can be stamped and is traced then, however odd its pages are."""

import msgspec
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf.documents import changed, plain

from remit.confined import Refusal
from remit.pdf import Stamp, new_serial, stamp
from remit.pdf.readers.copies import copied
from remit.pdf.readers.documents import checked
from remit.pdf.readers.marks import structural_marks, text_marks
from remit.pdf.stamping import Order

numbers = st.integers(-2000, 2000) | st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
plain_values = st.one_of(
    numbers,
    st.booleans(),
    st.sampled_from(["/Name", "/Pages", "/D"]).map(pikepdf.Name),
    st.text(max_size=8).map(pikepdf.String),
)
values = st.recursive(
    plain_values,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5).map(pikepdf.Array),
        st.dictionaries(st.sampled_from(["/Font", "/XObject", "/Remit", "/Nums", "/Kids", "/Names", "/S"]), inner).map(
            pikepdf.Dictionary
        ),
    ),
    max_leaves=8,
)
boxes = st.lists(numbers, min_size=4, max_size=4).map(pikepdf.Array)
page_keys = st.sampled_from(
    ["/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Resources", "/PieceInfo", "/RemitSerial"]
)
root_keys = st.sampled_from(["/PageLabels", "/Names", "/OpenAction", "/Metadata", "/Outlines", "/AcroForm", "/AF"])


@given(st.dictionaries(page_keys, values | boxes), st.dictionaries(root_keys, values))
@settings(max_examples=60)
def test_what_is_taken_is_stamped_and_traced(of_page: dict[str, object], of_root: dict[str, object]) -> None:
    def make_odd(pdf: pikepdf.Pdf) -> None:
        for key, value in of_page.items():
            pdf.pages[1].obj[key] = value
        for key, value in of_root.items():
            pdf.Root[key] = value

    document = changed(plain(2), make_odd, fix_metadata_version=False)
    try:
        checked(document)
    except Refusal:
        return
    serial = new_serial()

    copy = copied(msgspec.msgpack.encode(Order(document, plain(), serial, ("who",), {})))

    assert serial.encode() in structural_marks(copy)
    assert text_marks(copy) == b'{"serials":["%s"],"all_pages":true}' % serial.encode()


@pytest.mark.parametrize("key", ["/MediaBox", "/Rotate", "/PieceInfo", "/Resources", "/Contents"])
def test_a_page_whose_entry_is_of_another_kind_is_marked(key: str) -> None:
    serial = new_serial()
    document = changed(plain(), lambda pdf: pdf.pages[0].obj.__setitem__(key, pikepdf.Name.Odd))

    assert serial.encode() in text_marks(stamp(document, None, Stamp(serial)))
