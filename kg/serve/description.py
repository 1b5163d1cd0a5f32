"""The service description (SPARQL 1.1): what this endpoint is and can, in RDF."""

from collections.abc import Iterator

import pyoxigraph as ox

from kg.ontology import PREFIXES
from kg.rdf import ASSEMBLED, ONTOLOGY, term
from kg.sparql import GRAPH_FORMATS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples",
            "RDF_XML", "JSON-LD")


def describe(endpoint: str, format: str) -> bytes:
    """The description of the service at this address, in a format of graphs."""
    prefixes = {**PREFIXES, "sd": _SD, "formats": _FORMATS}
    return ox.serialize(_triples(endpoint), format=GRAPH_FORMATS[format], prefixes=prefixes) or b""


def _triples(endpoint: str) -> Iterator[ox.Triple]:
    service = ox.NamedNode(endpoint)
    dataset, graph = (ox.NamedNode(f"{endpoint}#{part}") for part in ("dataset", "all"))

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(_SD + name)

    yield ox.Triple(service, term("rdf:type"), sd("Service"))
    yield ox.Triple(service, sd("endpoint"), service)
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield ox.Triple(service, sd("supportedLanguage"), sd(language))
    yield ox.Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    for format in _RESULTS:
        yield ox.Triple(service, sd("resultFormat"), ox.NamedNode(_FORMATS + format))
    yield ox.Triple(service, sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, term("rdf:type"), sd("Dataset"))
    yield ox.Triple(dataset, sd("defaultGraph"), graph)
    yield ox.Triple(graph, term("rdf:type"), sd("Graph"))
    for name in (ASSEMBLED, ONTOLOGY):
        named = ox.NamedNode(f"{endpoint}#{name.value.rsplit('/', 1)[1]}")
        content = ox.NamedNode(f"{named.value}-graph")
        yield ox.Triple(dataset, sd("namedGraph"), named)
        yield ox.Triple(named, term("rdf:type"), sd("NamedGraph"))
        yield ox.Triple(named, sd("name"), name)
        yield ox.Triple(named, sd("graph"), content)
        yield ox.Triple(content, term("rdf:type"), sd("Graph"))
