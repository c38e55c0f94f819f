"""How fast copies are stamped and traced, and that each is traced rightly.

    .venv/bin/python benchmarks/pdf.py [--copies 1000] [--rounds 9]

Stamps a report of 198 pages behind terms of two; then stamps one report of twelve pages for as many downloads, and
traces each copy, as it is and after qpdf wrote it anew without attachments, metadata and keys of pages, with its
streams unpacked and packed again.
"""

import argparse
import io
import resource
import statistics
import time

import pikepdf

from remit.pdf import Stamp, check, new_serial, stamp, trace

_LINE = "Control {line} of page {page}: the service organization reviews access each quarter. No exceptions noted."


def report(pages: int) -> bytes:
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(595, 842))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            lines = " ".join(f"({_LINE.format(line=line, page=number)}) Tj T*" for line in range(40))
            page.Contents = pdf.make_stream(f"BT /F1 9 Tf 15 TL 60 780 Td {lines} ET".encode())
        return _saved(pdf)


def _saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    written = io.BytesIO()
    pdf.save(written, **options)
    return written.getvalue()


def rewritten(copy: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        del pdf.Root.Names
        del pdf.Root.Metadata
        for page in pdf.pages:
            del page.obj["/RemitSerial"]
            del page.obj.PieceInfo
        return _saved(
            pdf, linearize=True, recompress_flate=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized
        )


def a_stamp(serial: str) -> Stamp:
    return Stamp(
        serial,
        ("arn:aws:iam::111122223333:user/ana of account 111122223333", "2026-11-29T06:00:00Z, report SOC 2, version 3"),
        {"account": "111122223333", "principal": "arn:aws:iam::111122223333:user/ana", "at": "2026-11-29T06:00:00Z"},
    )


def print_stamping(rounds: int) -> None:
    document, terms = report(198), report(2)
    seconds: list[float] = []
    for _ in range(rounds):
        begun = time.perf_counter()
        copy = stamp(document, terms, a_stamp(new_serial()))
        seconds.append(time.perf_counter() - begun)
    median, slowest = (f"{figure * 1e3:.0f} ms" for figure in (statistics.median(seconds), max(seconds)))
    print(f"stamp 200 pages: median {median}, slowest {slowest}, their process included;")
    print(f"                 {len(document):,} bytes become {len(copy):,}")
    begun = time.perf_counter()
    pages = check(copy).page_count
    print(f"check {pages} pages: {(time.perf_counter() - begun) * 1e3:.0f} ms, its process included")


def print_tracing(copies: int) -> None:
    document, terms = report(11), report(1)
    right = {"as they are": 0, "written anew": 0}
    seconds = dict.fromkeys(right, 0.0)
    for _ in range(copies):
        serial = new_serial()
        copy = stamp(document, terms, a_stamp(serial))
        for name, asked in (("as they are", copy), ("written anew", rewritten(copy))):
            begun = time.perf_counter()
            right[name] += trace(asked) == (serial,)
            seconds[name] += time.perf_counter() - begun
    for name, count in right.items():
        print(f"trace copies {name}: {count:,} of {copies:,} right, {seconds[name] / copies * 1e3:.0f} ms each")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    print_stamping(asked.rounds)
    print_tracing(asked.copies)
    own, children = (
        resource.getrusage(whose).ru_maxrss / 1024 for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"memory at most: {own:.0f} MiB here, {children:.0f} MiB in a confined process")


if __name__ == "__main__":
    main()
