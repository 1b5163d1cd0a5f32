"""Pages for people, and the same things for machines under the same addresses."""

from collections.abc import Awaitable, Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyvis
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kg.ontology import KGO, KGR, PREFIXES, folder, ontology
from kg.queries import bound, catalogue
from kg.rdf import iri, ontology_quads
from kg.serve import live, things
from kg.serve.endpoint import Answer, ProtocolError
from kg.serve.formats import PAGES, choose
from kg.serve.source import Source

_FOUND = 40
_FAR = 100_000
_READERS: Mapping[str, Callable[..., Awaitable[dict[str, Any] | None]]] = {
    "entity": things.entity, "claim": things.claim, "document": things.document, "event": things.event, "fact": things.fact}


def routes() -> list[Route]:
    """The addresses of all pages."""
    return [
        Route("/", ask, name="ask"), Route("/search", search), Route("/graph", graph), Route("/ontology", schema),
        Route("/help.json", help), Route("/question/{name}", question), Route("/static/vendor/vis-network.min.js", library),
        *(Route(f"/{kind}/{{id:path}}", partial(thing, kind), name=kind) for kind in _READERS)]


async def ask(request: Request) -> Response:
    """The page to ask in SPARQL."""
    return _html("ask.html", questions=catalogue())


async def help(request: Request) -> Response:
    """What the editor completes and offers: prefixes, relations, classes and the questions of the catalogue."""
    known = ontology()
    return JSONResponse({
        "prefixes": dict(PREFIXES),
        "properties": [KGO + relation.id for relation in known.relations.values()] + [KGO + name for name in _PROPERTIES],
        "classes": [KGO + kind for kind in known.classes],
        "questions": [question.model_dump() for question in catalogue()]})


async def question(request: Request) -> Response:
    """A question of the catalogue as a query, with its parameters in their places; says what is wrong with them."""
    source: Source = request.app.state.source
    name, given = request.path_params["name"], dict(request.query_params)
    return PlainTextResponse(await source.read(lambda store: bound(store, name, given)))


async def library(request: Request) -> Response:
    """The library that draws graphs, out of pyvis, which carries it."""
    return FileResponse(Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js")


_PROPERTIES = ("subject", "relation", "object", "modality", "polarity", "confidence", "attribution", "source", "depth", "evidence", "role",
               "event", "eventType", "mode", "earliest", "latest", "place", "quantity", "min", "max", "unit", "status", "belief", "claims",
               "documents", "publishers", "supportedByClaim", "contradictedByClaim", "country", "sector", "text", "ingested")


async def search(request: Request) -> Response:
    """Entities by their names and sentences by their words."""
    index = request.app.state.search
    text = request.query_params.get("q", "").strip()[:200]
    offset = _number(request, "from")
    entities = await index.names(text) if text and not offset else []
    wanted = text and "names" not in request.query_params
    sentences = await index.sentences(text, limit=_FOUND + 1, offset=offset) if wanted else []
    found = choose(request.headers.get("accept", ""), {"application/json": "json", "text/html": "html"})
    if found and found[1] == "json":
        return JSONResponse({
            "ready": index.ready, "entities": [{**entity.model_dump(), "iri": iri("entity", entity.id).value} for entity in entities],
            "sentences": [{"text": "".join(one.parts), "document": iri("document", one.document).value,
                           "claims": [iri("claim", id).value for id in one.claims]} for one in sentences[:_FOUND]]})
    return _html("search.html", text=text, ready=index.ready, entities=entities, sentences=sentences[:_FOUND], offset=offset,
                 more=offset + _FOUND if len(sentences) > _FOUND else None)


async def thing(kind: str, request: Request) -> Response:
    """One thing: a page, or a graph for machines."""
    source: Source = request.app.state.source
    id = request.path_params["id"]
    found = choose(request.headers.get("accept", "") or "text/html", PAGES, format=request.query_params.get("format", ""))
    if found is None:
        raise ProtocolError(406, f"there is {', '.join(reversed(PAGES))} of this")
    media_type, format = found
    if format != "html":
        triples = await things.triples(source, kind, id)
        if not triples:
            raise HTTPException(404, f"there is no {kind} {id!r} here")
        return Answer(things.serialized(triples, format), media_type=media_type, headers={"Vary": "Accept"})
    options = {"offset": _number(request, "from")} if kind == "entity" else {}
    shown = await _READERS[kind](source, id, **options)
    if shown is None:
        raise HTTPException(404, f"there is no {kind} {id!r} here")
    return _html(f"{kind}.html", iri=iri(kind, id).value, **shown)


async def schema(request: Request) -> Response:
    """The ontology: a page, or Turtle as it is written, or another format."""
    found = choose(request.headers.get("accept", "") or "text/html", PAGES, format=request.query_params.get("format", ""))
    if found is None:
        raise ProtocolError(406, f"there is {', '.join(reversed(PAGES))} of this")
    if found[1] == "html":
        return _html("ontology.html", relations=sorted(ontology().relations.values(), key=lambda r: (r.event_type or "~", r.id)),
                     classes=ontology().classes.values())
    if found[1] == "turtle":
        return PlainTextResponse((folder() / "kg.ttl").read_text("utf-8"), media_type="text/turtle", headers={"Vary": "Accept"})
    return Answer(things.serialized([quad.triple for quad in ontology_quads()], found[1]), media_type=found[0], headers={"Vary": "Accept"})


async def graph(request: Request) -> Response:
    """The drawing of what is near some things; of what most is said of, where none is named."""
    chosen = request.query_params.getlist("thing")[-live.MOST_THINGS:]
    html = await live.page(request.app.state.source, chosen)
    # The page carries its scripts, and a policy that names them by their hashes.
    return HTMLResponse(html, headers={"Content-Security-Policy": "frame-ancestors 'none'"})


async def missing(request: Request, error: Exception) -> Response:
    """What is not there, said in the form that the client reads."""
    message = str(error.detail) if isinstance(error, HTTPException) else "there is no such page"
    found = choose(request.headers.get("accept", ""), {"text/plain": "text", "text/html": "html"})
    if found and found[1] == "html":
        return _html("missing.html", status=404, message=message)
    return PlainTextResponse(f"{message}\n", 404)


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "0")
    return min(int(given), _FAR) if given.isdecimal() else 0


def _address(kind: str, id: str) -> str:
    """The address of a thing's page here."""
    return "/" + iri(kind, id).value.removeprefix(KGR)


def _local(name: str) -> str:
    """The address of a thing that is written as `kind/id`."""
    kind, _, id = name.partition("/")
    return _address(kind, id)


def _days(first: object, last: object) -> str:
    if first and last:
        return str(first) if str(first) == str(last) else f"{first} to {last}"
    return f"since {first}" if first else f"until {last}" if last else ""


@cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("kg.serve", "templates"), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)
    environment.globals.update(address=_address, local=_local, days=_days, reading=things.reading, parts=things.parts,
                               relations=ontology().relations, quads=ontology().quads)
    environment.filters["encoded"] = lambda text: quote(str(text), safe="")
    return environment


def _html(template: str, *, status: int = 200, **values: Any) -> Response:
    page = _environment().get_template(template).render(**{"part": template.partition(".")[0], "iri": "", **values})
    return HTMLResponse(page, status, headers={"Vary": "Accept", "Cache-Control": "no-cache"})
