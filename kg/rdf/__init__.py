"""Documents, claims and assemblies as RDF, and back (spec: graph.md, "RDF").

Pure conversions between the core types and pyoxigraph quads. One named graph a document holds the document, its claims
and their record, which claims are read back from; `kgr:graph/assembled` holds what they add up to. There are no blank
nodes: every node's IRI follows from the id of the thing, so writing the same thing twice adds nothing. No triple stands
in two graphs, so that the union of all graphs counts right.
"""

from kg.rdf.read import read_assembly, read_claims, read_document
from kg.rdf.record import from_record
from kg.rdf.terms import ASSEMBLED, EDTF, ONTOLOGY, canonical, identifier, iri, named, term, triple_key
from kg.rdf.write import (
    END_PROPERTIES,
    assembly_quads,
    document_quads,
    ends_nodes,
    ends_of,
    ends_quads,
    merge_node,
    ontology_quads,
    thing_quads,
)

__all__ = [
    "ASSEMBLED", "EDTF", "END_PROPERTIES", "ONTOLOGY", "assembly_quads", "canonical", "document_quads", "ends_nodes",
    "ends_of", "ends_quads", "from_record", "identifier", "iri", "merge_node", "named", "ontology_quads", "read_assembly",
    "read_claims", "read_document", "term", "thing_quads", "triple_key",
]
