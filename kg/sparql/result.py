"""The answer to a query, whole and typed."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from kg.ontology import KGR, PREFIXES
from kg.sparql.guard import QueryError
from kg.sparql.worker import GRAPH_FORMATS, TABLE_FORMATS

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

@dataclass(frozen=True)
class QueryResult:
    """The answer to a query.

    `form` is select, ask or construct (DESCRIBE too) and says which part counts: `variables` and `rows`, `answer`, or
    `triples`. `payload` is the answer as SPARQL JSON results, or N-Triples.
    """

    form: str
    payload: bytes

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The columns of a SELECT."""
        if self.form != "select":
            return ()
        return tuple(variable.value for variable in self._solutions().variables)

    @cached_property
    def rows(self) -> tuple[tuple[Term | None, ...], ...]:
        """The rows of a SELECT; None where a column has no value."""
        if self.form != "select":
            return ()
        return tuple(tuple(solution) for solution in self._solutions())

    @cached_property
    def answer(self) -> bool:
        """The answer to an ASK."""
        return self.form == "ask" and bool(ox.parse_query_results(self.payload, ox.QueryResultsFormat.JSON))

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """What a CONSTRUCT or DESCRIBE gives."""
        if self.form != "construct":
            return ()
        return tuple(quad.triple for quad in ox.parse(self.payload, format=ox.RdfFormat.N_TRIPLES))

    def serialize(self, format: str) -> bytes:
        """The answer in a standard format: csv, tsv, json or xml; of triples turtle, ntriples, rdfxml or jsonld.

        CSV and TSV say true or false for an ASK. Raises QueryError for another format.
        """
        formats: Mapping[str, object] = GRAPH_FORMATS if self.form == "construct" else TABLE_FORMATS
        if format not in formats:
            raise QueryError(f"no format {format!r} for this answer; there are {', '.join(formats)}")
        if self.form == "construct":
            return ox.serialize(self.triples, format=GRAPH_FORMATS[format], prefixes=dict(PREFIXES)) or b""
        answer = ox.parse_query_results(self.payload, ox.QueryResultsFormat.JSON)
        return answer.serialize(format=TABLE_FORMATS[format]) or b""

    def without(self, columns: Collection[str]) -> "QueryResult":
        """The answer to a SELECT without some of its columns."""
        results = json.loads(self.payload)
        kept = [name for name in results["head"]["vars"] if name not in columns]
        bindings = [{name: row[name] for name in kept if name in row} for row in results["results"]["bindings"]]
        return QueryResult(self.form, json.dumps({"head": {"vars": kept}, "results": {"bindings": bindings}}).encode())

    def _solutions(self) -> ox.QuerySolutions:
        solutions = ox.parse_query_results(self.payload, ox.QueryResultsFormat.JSON)
        assert isinstance(solutions, ox.QuerySolutions)
        return solutions


def plain(term: Term | None) -> str:
    """A term as people read it: a literal's text, an id, a prefixed name; nothing for None."""
    if term is None:
        return ""
    if isinstance(term, ox.Literal):
        return term.value
    if not isinstance(term, ox.NamedNode):
        return str(term)
    if term.value.startswith(KGR):
        return term.value.removeprefix(KGR).removeprefix("entity/")
    for prefix, namespace in PREFIXES.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value
