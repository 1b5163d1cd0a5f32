"""Documents, claims and assemblies as RDF, and back (spec: graph.md, "RDF").

Pure conversions between the core types and pyoxigraph quads. One named graph a document holds the document, its claims
and how it describes every entity that they name; `kgr:graph/assembled` holds what they add up to. There are no blank
nodes: every node's IRI follows from the id of the thing, so writing the same thing twice adds nothing. No triple stands
in two graphs, so that the union of all graphs counts right.
"""

from kg.rdf.read import read_assembly, read_claims, read_document
from kg.rdf.terms import ASSEMBLED, EDTF, ONTOLOGY, canonical, identifier, iri, named, term, triple_key
from kg.rdf.write import assembly_quads, document_quads, ontology_quads

__all__ = [
    "ASSEMBLED", "EDTF", "ONTOLOGY", "assembly_quads", "canonical", "document_quads", "identifier", "iri", "named",
    "ontology_quads", "read_assembly", "read_claims", "read_document", "term", "triple_key",
]
