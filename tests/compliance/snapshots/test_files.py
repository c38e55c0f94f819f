from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from snapshots import AT, HEADER, snapshot

from remit.compliance.snapshots import Answer, Header, Read, Snapshot, SnapshotDamaged, SnapshotForeign, Status
from remit.compliance.snapshots.answers import answered, canonical
from remit.compliance.snapshots.errors import SnapshotUnreadable
from remit.compliance.snapshots.files import Writer, read, write

SMALL = snapshot(
    {
        "ec2:DescribeVolumes": {"Volumes": [{"VolumeId": "vol-1", "Encrypted": False}]},
        "ec2:DescribeSnapshots": "AccessDenied",
        "s3:ListBuckets": {"Buckets": [{"Name": "b"}]},
        "s3:GetBucketPolicy Bucket=b": "NoSuchBucketPolicy",
    }
)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.datetimes().map(lambda at: at.replace(tzinfo=AT.tzinfo)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
words = st.text(min_size=1, max_size=8)
reads = st.builds(
    Read,
    words,
    words,
    words | st.just(""),
    st.dictionaries(words, words, max_size=2).map(lambda params: tuple(sorted(params.items()))),
)
answers = values.map(lambda value: answered(value, AT)) | st.builds(
    Answer,
    st.sampled_from((Status.ABSENT, Status.DENIED, Status.FAILED)),
    st.just(AT),
    text=st.just(""),
    sha256=st.just(""),
    code=words,
    message=st.text(),
)


@given(st.dictionaries(reads, answers, max_size=6), st.booleans())
def test_what_is_written_is_read(tmp_path_factory, held, is_finished):
    path = tmp_path_factory.mktemp("snapshots") / "one"
    written = Snapshot(HEADER, held, is_finished)

    write(written, path)

    assert read(path) == written


def test_the_same_snapshot_is_the_same_bytes_in_whatever_order_its_answers_came(tmp_path):
    turned = replace(SMALL, answers=dict(reversed(SMALL.answers.items())))

    write(SMALL, tmp_path / "one")
    write(turned, tmp_path / "two")

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_only_its_owner_reads_a_snapshot(tmp_path):
    write(SMALL, tmp_path / "one")

    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


def test_a_value_that_answers_two_reads_is_kept_once(tmp_path):
    write(snapshot({f"ec2:DescribeVolumes {region}": {"Volumes": []} for region in ("a", "b")}), tmp_path / "one")

    assert (tmp_path / "one").read_text().count('{"Volumes":[]}') == 1


def test_points_in_time_are_utc_and_bytes_are_base64():
    assert canonical({"at": AT, "blob": b"\x00\xff"}) == '{"at":"2026-11-29T12:00:00Z","blob":"AP8="}'


@pytest.mark.parametrize("value", [{1, 2}, object()], ids=["a set", "an object"])
def test_what_no_sdk_hands_out_is_refused(value):
    with pytest.raises(TypeError, match="no JSON for"):
        canonical(value)


def _lines(tmp_path: Path) -> tuple[Path, list[bytes]]:
    path = tmp_path / "one"
    write(SMALL, path)
    return path, path.read_bytes().splitlines(keepends=True)


def test_a_collection_that_was_cut_keeps_what_it_had(tmp_path):
    path, lines = _lines(tmp_path)
    path.write_bytes(b"".join(lines[:-2]) + lines[-2][:20])

    found = read(path)

    assert not found.is_finished
    assert 0 < len(found.answers) < len(SMALL.answers)


def test_every_altered_byte_of_a_value_is_found(tmp_path):
    path, lines = _lines(tmp_path)
    at = next(number for number, line in enumerate(lines) if line.startswith(b'{"sha256"'))
    for position in range(len(b'{"sha256":"'), len(lines[at]) - 1):
        altered = bytearray(lines[at])
        altered[position] ^= 1
        path.write_bytes(b"".join([*lines[:at], bytes(altered), *lines[at + 1 :]]))

        with pytest.raises(SnapshotDamaged, match=f"line {at + 1},"):
            read(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:2], lines[1][:30] + b"\n", *lines[2:]], "line 3,"),
        (lambda lines: [*lines[:-2], lines[-1]], "counts 4 reads of 3"),
        (lambda lines: [*lines, lines[-2]], "comes after the end"),
        (lambda lines: [*lines[:-1], lines[-2], lines[-1]], "a second time"),
        (lambda lines: [lines[0], b'{"read":{}}\n', *lines[1:]], "is no line of a snapshot"),
        (lambda lines: [lines[0], b"\xff\n", *lines[1:]], "is no UTF-8"),
        (lambda lines: [line for line in lines if not line.startswith(b'{"sha256"')], "is no line of a snapshot"),
    ],
    ids=["a torn line", "a missing read", "a line after the end", "a read twice", "nonsense", "bytes", "no values"],
)
def test_what_does_not_fit_is_refused(tmp_path, change, said):
    path, lines = _lines(tmp_path)
    path.write_bytes(b"".join(change(lines)))

    with pytest.raises(SnapshotDamaged, match=said):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no line"),
        (b"{}\n", "does not say of what"),
        (b"[]\n", "does not say of what"),
        (b"no json\n", "does not say of what"),
        (b'{"format":2,"snapshot":{}}\n', "of a later Remit"),
        (b'{"format":1,"snapshot":{"account":"1"}}\n', "does not say of what"),
    ],
)
def test_another_file_is_refused(tmp_path, content, said):
    path = tmp_path / "one"
    path.write_bytes(content)

    with pytest.raises(SnapshotForeign, match=said):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SnapshotUnreadable, match="none: No such file"):
        read(tmp_path / "none")


def test_a_writer_can_go_on_where_another_one_stopped(tmp_path):
    path = tmp_path / "one"
    first, *rest = SMALL.answers.items()
    with path.open("wb") as file:
        Writer(file, SMALL.header).add(*first)
    with path.open("ab") as file:
        writer = Writer(file, None, frozenset({first[1].sha256}))
        for asked, answer in rest:
            writer.add(asked, answer)
        writer.finish(len(SMALL.answers))

    assert read(path) == SMALL


def test_a_header_keeps_where_it_came_from(tmp_path):
    header = Header(
        account="1" * 12,
        partition="aws-cn",
        caller="arn:x",
        endpoint="http://localhost",
        taken_at=AT,
        regions=("a", "b"),
        regions_read=("a",),
        collector="remit 1",
    )

    write(Snapshot(header), tmp_path / "one")

    assert read(tmp_path / "one").header == header
