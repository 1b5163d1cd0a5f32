"""Property graphs in XML: GraphML and GEXF, node by node and relationship by relationship."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from kg.export.error import ExportError
from kg.graph import EDGES, FACT, NODES, Edge, Node, Property
from kg.graph.stream import Parts
from kg.store import Store

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OF_NODES = {name: type for properties in NODES.values() for name, type in properties.items()}
_OF_EDGES = {name: type for properties in (*EDGES.values(), FACT) for name, type in properties.items()}
_GRAPHML = {"int": "long", "float": "double", "bool": "boolean"}
_GEXF = {"int": "long", "float": "double", "bool": "boolean"}
_Columns = Mapping[str, tuple[str, str]]


def graphml(store: Store, stream: IO[bytes]) -> None:
    """GraphML of the property graph; lists (as JSON) and dates are text.

    Labels read `:Entity:State`, as Neo4j has them; `labelV` (the narrowest label) and `labelE` (the type) are what
    TinkerPop and JanusGraph take for labels. Raises ExportError where a text has a character that XML cannot hold.
    """
    nodes = _columns("n", {"labels": "string", "labelV": "string", **_OF_NODES}, _GRAPHML)
    edges = _columns("e", {"type": "string", "labelE": "string", **_OF_EDGES}, _GRAPHML)
    parts, xml = Parts(store), _Writer(stream, "GraphML")
    xml.line('<?xml version="1.0" encoding="utf-8"?>')
    xml.line('<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
             'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation='
             '"http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">')
    for kind, columns in (("node", nodes), ("edge", edges)):
        for name, (id, type) in columns.items():
            xml.line(f'  <key id="{id}" for="{kind}" attr.name="{name}" attr.type="{type}"/>')
    xml.line('  <graph edgedefault="directed">')
    for node in parts.nodes():
        about = {"labels": "".join(f":{label}" for label in node.labels), "labelV": node.labels[-1], **node.properties}
        xml.line(f"    <node id={xml.quoted(node.key, node.key, 'id')}>{xml.data(about, nodes, node.key)}</node>")
    for edge in parts.edges():
        about = {"type": edge.type, "labelE": edge.type, **edge.properties}
        ends = f"source={xml.quoted(edge.start, edge.key, 'id')} target={xml.quoted(edge.end, edge.key, 'id')}"
        xml.line(f"    <edge id={xml.quoted(edge.key, edge.key, 'id')} {ends}>{xml.data(about, edges, edge.key)}</edge>")
    xml.line("  </graph>")
    xml.line("</graphml>")


def gexf(store: Store, stream: IO[bytes]) -> None:
    """GEXF 1.2 of the property graph, for Gephi; lists (as JSON) and dates are text.

    `id` and `label` are the node's key and what to call it, its own id is `identifier`; an edge's label is its type.
    Raises ExportError where a text has a character that XML cannot hold.
    """
    nodes = _columns("n", {"labels": "string", "identifier": "string", **_OF_NODES}, _GEXF)
    edges = _columns("e", {"relation_label": "string", **_OF_EDGES}, _GEXF)
    parts, xml = Parts(store), _Writer(stream, "GEXF")
    xml.line('<?xml version="1.0" encoding="utf-8"?>')
    xml.line('<gexf xmlns="http://www.gexf.net/1.2draft" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
             'xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" version="1.2">')
    xml.line('  <graph mode="static" defaultedgetype="directed">')
    for kind, columns in (("node", nodes), ("edge", edges)):
        xml.line(f'    <attributes class="{kind}" mode="static">')
        for name, (id, type) in columns.items():
            xml.line(f'      <attribute id="{id}" title="{name}" type="{type}"/>')
        xml.line("    </attributes>")
    xml.line("    <nodes>")
    for node in parts.nodes():
        xml.line(f"      <node id={xml.quoted(node.key, node.key, 'id')} label={xml.quoted(_called(node), node.key, 'label')}>"
                 f"<attvalues>{xml.values(_gexf_node(node), nodes, node.key)}</attvalues></node>")
    xml.line("    </nodes>")
    xml.line("    <edges>")
    for edge in parts.edges():
        ends = f"source={xml.quoted(edge.start, edge.key, 'id')} target={xml.quoted(edge.end, edge.key, 'id')}"
        xml.line(f"      <edge id={xml.quoted(edge.key, edge.key, 'id')} {ends} label={xml.quoted(edge.type, edge.key, 'type')}>"
                 f"<attvalues>{xml.values(_gexf_edge(edge), edges, edge.key)}</attvalues></edge>")
    xml.line("    </edges>")
    xml.line("  </graph>")
    xml.line("</gexf>")


def _called(node: Node) -> str:
    about = node.properties
    return str(about.get("label") or about.get("title") or about.get("relation") or about["id"])


def _gexf_node(node: Node) -> dict[str, Property]:
    about = {name: value for name, value in node.properties.items() if name not in ("id", "label")}
    return {"labels": "".join(f":{label}" for label in node.labels), "identifier": node.properties["id"], **about}


def _gexf_edge(edge: Edge) -> dict[str, Property]:
    about = {name: value for name, value in edge.properties.items() if name != "label"}
    return {"relation_label": edge.properties["label"], **about} if "label" in edge.properties else about


def _columns(prefix: str, properties: Mapping[str, str], types: Mapping[str, str]) -> _Columns:
    return {name: (f"{prefix}{number}", types.get(type, "string")) for number, (name, type) in enumerate(properties.items())}


class _Writer:
    """Lines of XML. Every text goes through `_text`, which refuses what XML cannot hold."""

    def __init__(self, stream: IO[bytes], format: str) -> None:
        self._stream, self._format = stream, format

    def line(self, text: str) -> None:
        self._stream.write(f"{text}\n".encode())

    def quoted(self, text: str, key: str, name: str) -> str:
        return quoteattr(self._text(text, key, name))

    def data(self, about: Mapping[str, Property], columns: _Columns, key: str) -> str:
        # A parser reads a bare carriage return as a line feed.
        return "".join(f'<data key="{columns[name][0]}">{escape(self._text(value, key, name), {chr(13): "&#13;"})}</data>'
                       for name, value in about.items())

    def values(self, about: Mapping[str, Property], columns: _Columns, key: str) -> str:
        return "".join(f'<attvalue for="{columns[name][0]}" value={self.quoted(self._plain(value), key, name)}/>'
                       for name, value in about.items())

    def _text(self, value: Property, key: str, name: str) -> str:
        text = self._plain(value)
        if bad := _NOT_XML.search(text):
            raise ExportError(f"{self._format} cannot hold the character U+{ord(bad.group()):04X}, which stands in {name} "
                              f"of {key!r} at offset {bad.start()}; the RDF formats, claims and parquet can")
        return text

    def _plain(self, value: Property) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, tuple):
            return json.dumps(value, ensure_ascii=False)
        return value.isoformat() if isinstance(value, date) else str(value)
