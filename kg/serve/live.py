"""The drawing of `kg view` over the store as it is now: a neighbourhood at a time, more as one goes."""

from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox

from kg.graph import property_graph
from kg.model import Assembly, Claim, Document, Fact
from kg.rdf import identifier, iri, read_assembly
from kg.serve.source import Source
from kg.store import Store
from kg.view import view

MOST_THINGS = 12
"""How many neighbourhoods one page holds."""

_FACTS_EACH = 60
_CLAIMS_EACH = 4
_IN = "GRAPH kgr:graph\\/assembled"
_BUSIEST = f"""SELECT ?fact WHERE {{ {_IN} {{ ?fact a kgo:Fact ; kgo:claims ?claims }} }}
  ORDER BY DESC(?claims) ?fact LIMIT {2 * _FACTS_EACH}"""
_NEAR = f"""SELECT ?fact WHERE {{ {_IN} {{ {{ ?fact kgo:subject ?node }} UNION {{ ?fact kgo:object ?node }}
  ?fact a kgo:Fact ; kgo:claims ?claims }} }} ORDER BY DESC(?claims) ?fact LIMIT {_FACTS_EACH}"""
_DESCRIBED = f"CONSTRUCT {{ ?node ?p ?o }} WHERE {{ VALUES ?node {{ %s }} {_IN} {{ ?node ?p ?o VALUES ?p {{ %s }} }} }}"
_OF_FACT = ("rdf:type kgo:subject kgo:relation kgo:object kgo:status kgo:belief kgo:publishers kgo:earliest kgo:latest "
            "kgo:supportedByClaim kgo:contradictedByClaim kgo:source prov:wasDerivedFrom")
_OF_ENTITY = "rdf:type rdfs:label skos:altLabel kgo:country kgo:sector owl:sameAs"
_WHERE = "SELECT ?claim ?document WHERE { VALUES ?claim { %s } ?claim prov:wasDerivedFrom ?document }"


async def page(source: Source, chosen: Sequence[str]) -> str:
    """The page of what is near the entities of these ids; of the facts with most claims where there are none.

    It holds, of each, the facts that most claims stand behind, and of each fact a few sentences; a fact's own page has all.
    """
    nodes: dict[str, None] = {}
    for query in [*((_NEAR, id) for id in chosen)] or [(_BUSIEST, "")]:
        result = await source.ask(query[0], {"node": iri("entity", query[1])})
        nodes.update((str(row[0]), None) for row in result.rows)
    facts = [_fewer(fact) for fact in read_assembly(await _quads(source, nodes, _OF_FACT)).facts]
    ids = {id for fact in facts for id in (*fact.claims, *fact.against)}
    places = Counter[str]()
    for _, document in (await source.ask(_WHERE % " ".join(str(iri("claim", id)) for id in sorted(ids)))).rows if ids else ():
        assert isinstance(document, ox.NamedNode)
        places[identifier(document)] += 1
    documents, claims = await source.read(lambda store: _claims(store, sorted(places), ids))
    things = {end for fact in facts for end in (fact.subject, fact.object)} | set(chosen)
    entities = read_assembly(await _quads(source, dict.fromkeys(str(iri("entity", id)) for id in sorted(things)), _OF_ENTITY)).entities
    there = {claim.id for claim in claims}
    facts = [fact.model_copy(update={"claims": tuple(c for c in fact.claims if c in there),
                                     "against": tuple(c for c in fact.against if c in there)}) for fact in facts]
    graph = property_graph(documents, claims, Assembly(entities=entities, events=(), facts=tuple(facts)))
    known = [entity.id for entity in entities if entity.id in chosen]
    return view(graph, title="The graph, as one goes", max_nodes=None, live=known)


def _fewer(fact: Fact) -> Fact:
    return fact.model_copy(update={"claims": fact.claims[:_CLAIMS_EACH], "against": fact.against[:_CLAIMS_EACH]})


def _claims(store: Store, ids: Sequence[str], wanted: set[str]) -> tuple[list[Document], list[Claim]]:
    documents = [document for document in map(store.document, ids) if document]
    return documents, [claim for document in documents for claim in store.claims(document.id) if claim.id in wanted]


async def _quads(source: Source, nodes: dict[str, None], properties: str) -> list[ox.Quad]:
    if not nodes:
        return []
    result = await source.ask(_DESCRIBED % (" ".join(nodes), properties))
    return [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in result.triples]
