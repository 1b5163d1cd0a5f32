"""How SPARQL stores differ: where each answers queries, takes updates and graphs, and how it wants to be asked."""

import re
from collections.abc import Mapping
from typing import Literal

from kg.model import Frozen


class Product(Frozen):
    """A SPARQL store. Paths are added to the URL it is given by; `quads` takes N-Quads of many graphs at once.

    `told` is how its answers name it, `refused` matches text that it would alter or reject.
    """

    query: str
    update: str
    graphs: str
    quads: str | None = None
    login: Literal["basic", "digest", "bearer"] = "basic"
    told: str = "$^"
    refused: str = "$^"
    why: str = ""


PRODUCTS: Mapping[str, Product] = {
    "oxigraph": Product(query="/query", update="/update", graphs="/store", quads="/store", told="^oxigraph/"),
    "fuseki": Product(query="/query", update="/update", graphs="/data", quads="/data", told="fuseki"),
    "virtuoso": Product(query="/sparql-auth", update="/sparql-auth", graphs="/sparql-graph-crud-auth", login="digest",
                        told="^virtuoso"),
    "graphdb": Product(query="", update="/statements", graphs="/rdf-graphs/service", quads="/statements", told="graphdb"),
    "stardog": Product(query="/query", update="/update", graphs="", told="stardog"),
    "neptune": Product(query="/sparql", update="/sparql", graphs="/sparql/gsp/"),
    "qlever": Product(query="", update="", graphs="", login="bearer", told="qlever"),
}
"""Every product, by its name in DATABASES."""


def recognised(headers: Mapping[str, str]) -> str | None:
    """The product that the headers of an answer tell of; None where they tell of none."""
    said = [headers.get(name, "") for name in ("server", "fuseki-request-id", "x-powered-by")]
    if said[1]:
        return "fuseki"
    return next((name for name, product in PRODUCTS.items()
                 if any(re.search(product.told, text, re.IGNORECASE) for text in said)), None)
