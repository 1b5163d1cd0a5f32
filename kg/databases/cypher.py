"""How databases that speak Cypher differ: constraints, labels, versions."""

import re
from collections.abc import Mapping

from kg.graph import NODES
from kg.model import EntityType

OWN: Mapping[str, tuple[str, ...]] = {
    "Event": ("SUBJECT", "OBJECT", "PLACE"),
    "Claim": ("SUBJECT", "OBJECT", "PLACE", "ATTRIBUTED_TO", "REPORTED_IN", "ABOUT")}
"""The types of the relationships that are part of a node."""

_LEAST_NEO4J = 5
_LOOKED_UP = (("Entity", "country"), ("Event", "relation"), ("Event", "earliest"), ("Claim", "relation"), ("Claim", "earliest"),
              ("Document", "published"))
_KINDS = ("KgLoad", *NODES)

CONSTRAINTS: Mapping[str, tuple[str, ...]] = {
    "neo4j": (
        *(f"CREATE CONSTRAINT kg_{kind.lower()}_id IF NOT EXISTS FOR (n:{kind}) REQUIRE n.id IS UNIQUE" for kind in _KINDS),
        *(f"CREATE INDEX kg_{kind.lower()}_{name} IF NOT EXISTS FOR (n:{kind}) ON (n.{name})" for kind, name in _LOOKED_UP),
        "CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:Entity) ON EACH [n.label, n.aliases]",
        "CALL db.awaitIndexes(300)"),
    "memgraph": (
        *(f"CREATE CONSTRAINT ON (n:{kind}) ASSERT n.id IS UNIQUE" for kind in _KINDS),
        *(f"CREATE INDEX ON :{kind}(id)" for kind in _KINDS),
        *(f"CREATE INDEX ON :{kind}({name})" for kind, name in _LOOKED_UP)),
    "arcadedb": (
        *(f"CREATE CONSTRAINT kg_{kind.lower()}_id IF NOT EXISTS FOR (n:{kind}) REQUIRE n.id IS UNIQUE" for kind in _KINDS),),
}
"""What makes the constraints and indexes, by kind of database; a constraint of Memgraph makes no index."""


def flavour(agent: str, wanted: str) -> tuple[str, str]:
    """The kind of database that a server is, by what it calls itself, and why it will not do ("" where it will)."""
    if "memgraph" in agent.lower():
        return "memgraph", ""
    if "arcade" in agent.lower() or wanted in ("arcadedb", "memgraph"):
        return "arcadedb" if "arcade" in agent.lower() else wanted, ""
    version = re.search(r"Neo4j/(\d+)(?:\.\d+)*", agent)
    if version and int(version.group(1)) < _LEAST_NEO4J:
        return "neo4j", f"this is {agent}, and only Neo4j {_LEAST_NEO4J} or later is supported: update it"
    return "neo4j", ""


def merge(labels: tuple[str, ...], kind: str) -> str:
    """The statement that writes `rows` of nodes with these labels; an entity loses the label of a type that it had before.

    ArcadeDB makes a node with other labels another one, which its constraint then refuses: there the type is a property.
    """
    text = f"UNWIND $rows AS row MERGE (n:{labels[0]} {{id: row.id}}) SET n += row.is"
    if len(labels) == 1:
        return text
    if kind == "arcadedb":
        return f"{text} SET n.type = '{labels[1]}'"
    others = "".join(f":{label}" for label in EntityType if label not in labels)
    return f"{text} SET n:{labels[1]} REMOVE n{others}"
