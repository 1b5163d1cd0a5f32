"""The page itself: pyvis fills our template, which carries its scripts and styles and lets nothing else run."""

import base64
import hashlib
import json
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import pyvis
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined
from markupsafe import Markup
from pyvis.network import Network

from kg.graph import PropertyGraph
from kg.view.data import Values, page_data
from kg.view.selection import select

OPTIONS = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 120, "hideEdgesOnDrag": False, "keyboard": {"enabled": False},
                    "multiselect": False, "selectConnectedEdges": False, "hoverConnectedEdges": False,
                    "zoomSpeed": 0.6},
    "nodes": {"shape": "custom", "borderWidth": 1.5},
    "edges": {"arrowStrikethrough": False, "selectionWidth": 1.5, "hoverWidth": 0.5, "smooth": False},
}
"""What pyvis passes to vis-network."""


def view(graph: PropertyGraph, *, title: str = "Knowledge graph", focus: str | None = None, depth: int = 1,
         since: date | None = None, until: date | None = None, relation: str | Collection[str] | None = None,
         max_nodes: int | None = 150, live: Collection[str] | None = None) -> str:
    """One HTML page that shows the graph, its statements and the sentences behind them, and needs nothing else.

    `focus` (an id, label or alias) and `depth` show what lies within so many steps of one thing; `since` and `until`
    what happened between two days (what is undated: was published then); `relation` only some relations; `max_nodes`
    only the things with the most claims, None for all. The page says what it leaves out. `live` is for a page that a
    server with more to load serves: the ids of the things that it was asked for. The same graph and options give the
    same page.

    Raises LookupError where nothing is called `focus`, ValueError where an option makes no sense.
    """
    selection = select(graph, focus=focus, depth=depth, since=since, until=until, relation=relation,
                       max_nodes=max_nodes)
    data = page_data(graph, selection, title=title)
    return _html(data if live is None else data | {"live": list(live)})


def _html(data: Values) -> str:
    network = Network(directed=True, cdn_resources="in_line", heading="")
    network.options = OPTIONS
    for number, thing in enumerate(data["things"]):
        if "x" in thing:
            network.add_node(number, label=thing["label"] or thing["id"], shape="custom", x=thing["x"], y=thing["y"])
    unnamed = len(data["things"])
    for number, statement in enumerate(data["statements"]):
        end = statement["object"]
        if end is None:
            end, unnamed = unnamed, unnamed + 1
            network.add_node(end, label="no one named", shape="custom", x=statement["x"], y=statement["y"],
                             statement=number)
        network.add_edge(statement["subject"], end, id=number)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=ChoiceLoader([PackageLoader("kg.view", "template"),
                             FileSystemLoader(Path(pyvis.__file__).parent / "templates")]))
    environment.globals.update(source=_source(environment), digest=_digest, page=data, parsed=json.loads)
    network.templateEnv = environment
    network.path = "page.html"
    return str(network.generate_html())


def _source(environment: Environment) -> Any:
    """A function of the template: a script or style as it stands, not read as a template."""
    loader = environment.loader
    assert loader is not None

    def source(*names: str) -> Markup:
        return Markup("\n".join(loader.get_source(environment, name)[0].replace("\r\n", "\n") for name in names))

    return source


def _digest(text: str) -> str:
    """The text's hash as a Content-Security-Policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
