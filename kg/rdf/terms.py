"""Which IRI stands for what: the one place where ids, relations and values become RDF terms and back."""

from functools import cache
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.ontology import KGO, KGR, PREFIXES, ontology

Node = ox.NamedNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@cache
def term(curie: str) -> Node:
    """The node that a prefixed name stands for."""
    prefix, _, local = curie.partition(":")
    return Node(PREFIXES[prefix] + local)


ASSEMBLED = Node(KGR + "graph/assembled")
ONTOLOGY = Node(KGR + "graph/ontology")
EDTF = Node("http://id.loc.gov/datatypes/edtf/EDTF")


def iri(kind: str, id: str) -> Node:
    """The IRI of a thing: `kind` is document (its graph too), claim, entity, event, fact or extractor.

    An id becomes part of an IRI only percent-encoded, so any text will do.
    """
    return Node(f"{KGR}{kind}/{quote(id, safe='/@' if kind == 'entity' else '')}")


def named(name: str) -> Node:
    """The IRI of a relation, class or value of the ontology."""
    return Node(KGO + quote(name, safe=""))


def identifier(node: Value) -> str:
    """The id of the thing, or the name of the relation, class or value, that an IRI of this project stands for."""
    text = node.value if isinstance(node, Node) else str(node)
    if text.startswith(KGR):
        return unquote(text.removeprefix(KGR).split("/", 1)[1])
    return unquote(text.removeprefix(KGO).removeprefix(PREFIXES["wd"]))


def canonical(subject: str, relation: str, object: str) -> tuple[str, str, str]:
    """The triple in the one direction that it is counted under: the pair of a symmetric relation is sorted."""
    known = ontology().relations.get(relation)
    if known and known.symmetric and object and object < subject:
        subject, object = object, subject
    return subject, relation, object


def triple_key(subject: str, relation: str, object: str) -> str:
    """The canonical triple as one string (`kgo:tripleKey`), the same for claims and facts that say the same."""
    return " ".join(quote(part, safe="/@") for part in canonical(subject, relation, object))
