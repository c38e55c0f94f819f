"""A document as one page of HTML: no script, nothing to fetch, readable on paper and by a screen reader.

The same document and the same answers give the same bytes.
"""

from collections.abc import Iterator, Sequence
from html import escape

from remit.compliance.library.documents import Document, FrontMatter
from remit.compliance.library.inlines import Answers, replaced
from remit.compliance.library.markdown import SOURCE, Heading, as_html, parsed

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 Georgia, "Times New Roman", serif; margin: 0 auto; max-width: 46rem; padding: 1rem; }
h1, h2, h3, h4, th, nav, dl, .kind { font-family: system-ui, sans-serif; }
h1 { line-height: 1.2; } h2 { margin-top: 2.2em; } h3 { margin-top: 1.6em; font-size: 1.05rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; font-size: .85rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; margin: 1em 0; }
th, td { border: 1px solid #8888; padding: .35rem .6rem; text-align: left; vertical-align: top; }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8888; font-size: .8rem; line-height: 1.4; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .9em; }
.skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
@media print {
  body { max-width: none; font-size: 10.5pt; } nav, .skip { display: none; }
  h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
  pre { white-space: pre-wrap; overflow: visible; } .table { overflow: visible; } a { color: inherit; }
}
"""


def page(document: Document, cell: Answers | None = None, evidence: Answers | None = None) -> str:
    """Write a document as a page, its inlines answered; without answers they say that nothing was evaluated."""
    return "\n".join(_page(document, cell, evidence)) + "\n"


def kind(document: Document) -> str:
    """Return what a document is, for its head: `Paper P1, version 1.0`."""
    return f"{'Story' if document.is_story else 'Paper'} {document.id}, version {document.front.version}"


def facts(front: FrontMatter) -> Iterator[tuple[str, str]]:
    """Give what stands in the head of a document, name and value."""
    yield "Owner", front.owner
    yield "Reviewed on", front.reviewed_on.isoformat()
    yield "Responsibilities", ", ".join(front.rows)
    yield "Checks", ", ".join(front.checks) or "none"
    if front.tenant is not None:
        yield "Organization", f"the company is invented; `remit compliance library tenant {front.id}` prints it"


def _page(document: Document, cell: Answers | None, evidence: Answers | None) -> Iterator[str]:
    front = document.front
    found = parsed(replaced(document.body, cell, evidence), len(front.sources))
    title = escape(front.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{document.id} {title}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield '<a class="skip" href="#text">Skip to the text</a>'
    yield "<header>"
    yield f'<p class="kind">{escape(kind(document))}</p>'
    yield f"<h1>{title}</h1>"
    yield f"<p>{escape(front.summary)}</p>"
    yield "<dl>"
    yield from (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts(front))
    yield "</dl>"
    yield "</header>"
    yield from _contents(found.headings)
    yield '<main id="text">'
    yield as_html(found).rstrip("\n")
    yield '<section aria-labelledby="sources">'
    yield '<h2 id="sources">Sources</h2>'
    yield "<ol>"
    for number, source in enumerate(front.sources, start=1):
        told = f"{source.title}. {source.publisher}, {source.dated}."
        yield f'<li id="{SOURCE}{number}">{escape(told)}</li>'
    yield "</ol>"
    yield "</section>"
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _contents(headings: Sequence[Heading]) -> Iterator[str]:
    shown = [heading for heading in headings if heading.level == 2]  # noqa: PLR2004  # the chapters
    if not shown:
        return
    yield '<nav aria-label="Contents">'
    yield "<ol>"
    yield from (f'<li><a href="#{heading.anchor}">{escape(heading.text)}</a></li>' for heading in shown)
    yield "</ol>"
    yield "</nav>"
