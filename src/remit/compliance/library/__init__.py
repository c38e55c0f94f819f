"""The Customer Compliance Center's library: papers, stories and the auditing checklist, as files that people write.

    documents.py       a document: front matter, text, sources; what is refused
    stories.py         policies in stories, what is expected of them, the tenants they name
    walkthroughs.py    what a story expects of the organization that was founded from it
    checklist.py       the nine parts of the checklist, and the paper made of them
    shelf.py           everything together: ids are unique, rows and checks are known
    inlines.py         sentences about an account, answered
    search.py          full-text search with excerpts
    rendering.py       HTML for browsers and printers; `plain.py`: text for terminals

Page `compliance-library` of the documentation says how a document is written.
"""

from remit.compliance.library.shelf import Shelf, shelf
from remit.content_files import ContentMistake

__all__ = ["ContentMistake", "Shelf", "shelf"]
