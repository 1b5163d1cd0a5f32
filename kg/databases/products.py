"""How SPARQL stores differ: where each answers queries, takes updates and graphs, and how it wants to be asked."""

import re
from collections.abc import Mapping
from typing import Literal

from kg.model import Frozen


class Product(Frozen):
    """A SPARQL store. Paths are added to the URL it is given by; `quads` takes N-Quads of many graphs at once.

    `told` is how its answers name it. `point`: a decimal must have one. `least` is the oldest version that will do.
    """

    query: str
    update: str
    graphs: str
    quads: str | None = None
    login: Literal["basic", "digest", "bearer"] = "basic"
    told: str = "(?!)"
    point: bool = False
    least: tuple[int, ...] = ()


PRODUCTS: Mapping[str, Product] = {
    "oxigraph": Product(query="/query", update="/update", graphs="/store", quads="/store", told="^oxigraph/", least=(0, 3)),
    # Fuseki (TDB2 5.6) reads a decimal 12 back as 12.0, which is then none that it can find to delete it.
    "fuseki": Product(query="/query", update="/update", graphs="/data", quads="/data", told="fuseki", point=True),
    "virtuoso": Product(query="/sparql-auth", update="/sparql-auth", graphs="/sparql-graph-crud-auth", login="digest",
                        told="^virtuoso", least=(7, 2)),
    "graphdb": Product(query="", update="/statements", graphs="/rdf-graphs/service", quads="/statements", told="graphdb"),
    "stardog": Product(query="/query", update="/update", graphs="", told="stardog"),
    "neptune": Product(query="/sparql", update="/sparql", graphs="/sparql/gsp/"),
    "qlever": Product(query="", update="", graphs="", login="bearer", told="qlever"),
}
"""Every product, by its name in DATABASES."""


def outdated(product: Product, server: str) -> str | None:
    """The oldest version that will do, where a server says that it is of an older one."""
    said = re.search(product.told + r".*?/?(\d+(?:\.\d+)*)", server, re.IGNORECASE)
    version = tuple(int(number) for number in said.group(1).split(".")) if said else product.least
    return ".".join(map(str, product.least)) if version < product.least else None


def recognised(headers: Mapping[str, str]) -> str | None:
    """The product that the headers of an answer tell of; None where they tell of none."""
    said = [headers.get(name, "") for name in ("server", "fuseki-request-id", "x-powered-by")]
    if said[1]:
        return "fuseki"
    return next((name for name, product in PRODUCTS.items()
                 if any(re.search(product.told, text, re.IGNORECASE) for text in said)), None)
