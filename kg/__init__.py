"""Reads news and answers, with evidence, who did what to whom.

    import kg

    run = kg.build(["news/"], store="exports/store")            # articles in, a graph on disk
    with kg.open("exports/store") as store:
        for who, whom in store.query("SELECT ?s ?o WHERE { ?s kgo:ratified ?o }").rows:
            print(who, whom)
        html = kg.page(store)

or step by step, in memory:

    documents = list(kg.documents(["news/"]))                   # reading
    read = kg.extractor()
    claims = [claim for document in documents for claim in read(document)]
    assembly = kg.assembly(claims, documents)                   # entities, events, facts

Everything that goes in and out is a frozen type of `kg.model`. What stands behind each function is imported when it is
called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.extract import Extractor, extractor
from kg.model import Assembly, Claim, Document, Entity, Event, Fact, Mention, Rejected, Run

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "Assembly", "Claim", "Document", "Entity", "Event", "Extractor", "Fact", "Mention", "Rejected", "Run", "assembly",
    "build", "documents", "extractor", "open", "page", "write",
]

_extractor = extractor


def documents(inputs: Iterable[str | Path], *, reject: Callable[[Rejected], None] | None = None) -> Iterator[Document]:
    """The articles of files, folders, JSON lines and standard input (`-`), one by one.

    What cannot be read goes to `reject`; without one it raises ValueError.
    """
    from kg.read import read

    def refuse(one: Rejected) -> None:
        raise ValueError(f"{one.source}: {one.reason}: {one.detail}")

    return read(inputs, reject=reject or refuse)


def assembly(claims: Iterable[Claim], documents: Iterable[Document]) -> Assembly:
    """What the claims of the documents add up to: entities, events and facts, whatever their order."""
    from kg.assemble import assemble
    return assemble(claims, documents)


def open(path: str | Path, *, read_only: bool = False, create: bool = False) -> Store:
    """A store in a folder, to be used in a `with` statement; `create` makes it where there is none.

    Raises StoreError where it cannot be used, with the reason.
    """
    from kg.store import Store
    return Store.open(path, read_only=read_only, create=create)


def build(inputs: Iterable[str | Path], *, store: str | Path, extractor: str | Extractor = "default") -> Run:
    """Read articles into the store in a folder, and add up what all its articles say; what happened is in the Run.

    Articles that are there unchanged are passed over, changed ones replace their older version. Raises StoreError
    where the store cannot be used.
    """
    from kg.pipeline import build as take_in
    from kg.store import Store
    reader = _extractor(extractor) if isinstance(extractor, str) else extractor
    with Store.open(store, create=True) as opened:
        return take_in(inputs, store=opened, extractor=reader)


def page(store: Store, *, title: str = "Knowledge graph") -> str:
    """The facts of a store as one HTML page that opens without a network."""
    from kg.graph import property_graph
    from kg.view import view
    return view(property_graph(store.documents(), store.claims(), store.assembly()), title=title)


def write(store: Store, format: str, stream: IO[bytes]) -> None:
    """Write all that a store holds in one of `kg.export.FORMATS`.

    Raises ExportError for a format that there is not, and for content that the format cannot hold.
    """
    from kg.export import export
    export(store, format, stream)
