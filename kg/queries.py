"""The catalogue: questions that analysts ask, kept as SPARQL in `ontology/queries/`.

A file begins with comment lines that say what it is::

    # title: Who did what to whom
    # description: All facts between two, in either direction.
    # param one (entity): the one, by name, alias or id

Each parameter is a variable of the query that is not projected; its value is bound as a term, never pasted as text.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import cache
from typing import Literal, get_args

import pyoxigraph as ox

from kg.model import Frozen
from kg.ontology import KGR, folder, ontology
from kg.rdf import identifier, iri, named, term
from kg.sparql import QueryError, QueryResult, bind
from kg.store import Store

Kind = Literal["entity", "relation", "date", "text", "number"]

_HEADER = re.compile(r"#\s*(?:(title|description)|param\s+(\w+)\s*\((\w+)\))\s*:\s*(.+)")
_NAMED = """SELECT DISTINCT ?entity ?label ?main WHERE { GRAPH kgr:graph\\/assembled {
    ?entity rdfs:label|skos:altLabel ?name ; rdfs:label ?label
    FILTER(LCASE(STR(?name)) = LCASE(?given)) BIND(LCASE(STR(?label)) = LCASE(?given) AS ?main) } } ORDER BY ?entity"""
_LABELS = "SELECT DISTINCT ?label WHERE { GRAPH kgr:graph\\/assembled { ?entity rdfs:label|skos:altLabel ?label } }"
_SHOWN = 8


class Parameter(Frozen):
    """What a question must be told: an entity (name, alias or id), a relation, a date, text or a number."""

    name: str
    kind: Kind
    meaning: str


class CatalogueQuery(Frozen):
    """A question of the catalogue; `name` is that of its file."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str


@cache
def catalogue() -> tuple[CatalogueQuery, ...]:
    """All questions, by name. Raises ValueError where a file does not say what it is."""
    files = sorted((folder() / "queries").glob("*.rq"))
    return tuple(_parsed(file.stem, file.read_text("utf-8")) for file in files)


def run_named(store: Store, name: str, params: Mapping[str, str], *, timeout: float | None = None) -> QueryResult:
    """The answer to a question of the catalogue.

    Raises as `bound` and the store do; QueryTimeoutError where it ran too long.
    """
    return store.query(bound(store, name, params), timeout=timeout)


def bound(store: Store, name: str, params: Mapping[str, str]) -> str:
    """A question of the catalogue as a query, with its parameters in their places.

    An entity is given by any of its names, in upper or lower case, or by its id or IRI. Raises QueryError for a question
    or a parameter that there is not, a parameter that is missing or does not fit, and a name that nothing or more than
    one thing has; StoreError as the store does.
    """
    query = next((query for query in catalogue() if query.name == name), None)
    if query is None:
        raise QueryError(f"no question {name!r} in the catalogue{_meant(name, [q.name for q in catalogue()])}")
    known = {parameter.name: parameter for parameter in query.parameters}
    for given in params:
        if given not in known:
            raise QueryError(f"{name} has no parameter {given!r}; it has {', '.join(known) or 'none'}")
    missing = [f"{parameter.name} ({parameter.meaning})" for parameter in query.parameters if parameter.name not in params]
    if missing:
        raise QueryError(f"{name} must be told {'; '.join(missing)}")
    values = {given: _value(store, known[given], text) for given, text in params.items()}
    return bind(query.text, values)


def find_entity(store: Store, name: str) -> ox.NamedNode:
    """The IRI of the entity of this id, IRI, label or alias.

    Where several have the name, one whose label it is comes before those for which it is an alias. Raises QueryError
    where there is none, or still more than one.
    """
    node = ox.NamedNode(name) if name.startswith(f"{KGR}entity/") else iri("entity", name)
    if store.query(bind("ASK { GRAPH kgr:graph\\/assembled { ?entity rdfs:label ?label } }", {"entity": node})).answer:
        return node
    rows = store.query(bind(_NAMED, {"given": ox.Literal(name.strip())})).rows
    found = [(entity, label) for entity, label, main in rows if isinstance(main, ox.Literal) and main.value == "true"]
    found = found or [(entity, label) for entity, label, _ in rows]
    if not found:
        labels = (label for (label,) in store.query(_LABELS).rows if isinstance(label, ox.Literal))
        raise QueryError(f"nothing here is called {name!r}{_meant(name, [label.value for label in labels])}")
    if len(found) > 1:
        choice = ", ".join(f"{identifier(entity)} ({label.value})" for entity, label in found[:_SHOWN]
                           if isinstance(entity, ox.NamedNode) and isinstance(label, ox.Literal))
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise QueryError(f"{name!r} may be any of {len(found)}; give one of these ids: {choice}{more}")
    [(entity, _)] = found
    assert isinstance(entity, ox.NamedNode)
    return entity


def _parsed(name: str, text: str) -> CatalogueQuery:
    said: dict[str, str] = {}
    parameters = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise ValueError(f"{name}.rq: not a title, description or param: {line}")
        field, parameter, kind, meaning = header.groups()
        if field:
            said[field] = meaning
        elif kind in get_args(Kind):
            parameters.append(Parameter.model_validate({"name": parameter, "kind": kind, "meaning": meaning}))
        else:
            raise ValueError(f"{name}.rq: no kind of parameter {kind}")
    if missing := {"title", "description"} - set(said):
        raise ValueError(f"{name}.rq: no {' and no '.join(sorted(missing))}")
    return CatalogueQuery(name=name, title=said["title"], description=said["description"],
                          parameters=tuple(parameters), text=text)


def _value(store: Store, parameter: Parameter, text: str) -> ox.NamedNode | ox.Literal:
    try:
        if parameter.kind == "entity":
            return find_entity(store, text)
        if parameter.kind == "relation":
            return _relation(text)
        if parameter.kind == "date":
            return ox.Literal(date.fromisoformat(text).isoformat(), datatype=term("xsd:date"))
        if parameter.kind == "number":
            number = Decimal(text)
            if not number.is_finite():
                raise InvalidOperation
            return ox.Literal(format(number, "f"), datatype=term("xsd:decimal"))
        return ox.Literal(text)
    except QueryError:
        raise
    except (ValueError, InvalidOperation):
        form = {"date": "a date such as 2024-11-12", "number": "a number"}.get(parameter.kind, "text without surrogates")
        raise QueryError(f"{parameter.name} must be {form}, not {text!r}") from None


def _relation(text: str) -> ox.NamedNode:
    """The relation of this name or label, however its words are joined."""
    def folded(name: str) -> str:
        return re.sub(r"[\W_]+", "", name).casefold()

    relations = ontology().relations.values()
    for relation in relations:
        if folded(text) in (folded(relation.id), folded(relation.label)):
            return named(relation.id)
    raise QueryError(f"no relation {text!r}{_meant(text, [relation.id for relation in relations])}")


def _meant(text: str, names: list[str]) -> str:
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(text.casefold(), folded, n=4, cutoff=0.6)
    return f"; did you mean {', '.join(folded[name] for name in close)}?" if close else ""
