"""Which format an answer has: names and media types, and the choice between them by what a client accepts."""

from mimeparse import MimeTypeParseException, best_match

TABLES: dict[str, str] = {
    "text/xml": "xml", "application/xml": "xml", "application/json": "json", "text/tab-separated-values": "tsv", "text/csv": "csv",
    "application/sparql-results+xml": "xml", "application/sparql-results+json": "json"}
GRAPHS: dict[str, str] = {
    "text/plain": "ntriples", "application/xml": "rdfxml", "application/rdf+xml": "rdfxml", "application/json": "jsonld",
    "application/ld+json": "jsonld", "application/n-triples": "ntriples", "text/turtle": "turtle"}
PAGES: dict[str, str] = {**GRAPHS, "text/html": "html"}
"""Media types with the format that each stands for; of two that suit a client alike, the later."""


class AcceptError(ValueError):
    """An `Accept` header that cannot be read."""


def choose(accept: str, types: dict[str, str], *, format: str = "") -> tuple[str, str] | None:
    """The media type and the format that suit a client best; None where nothing suits.

    A `format` named outright, where there is such a one here, goes before what the header says. Raises AcceptError for a
    header that is none.
    """
    for media_type in reversed(types):
        if format and types[media_type] == format:
            return media_type, format
    try:
        best = best_match(list(types), accept or "*/*")
    except MimeTypeParseException as error:
        raise AcceptError(f"the Accept header cannot be read: {error}") from None
    return (best, types[best]) if best else None
