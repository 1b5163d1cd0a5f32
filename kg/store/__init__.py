"""The store: documents, claims and what they add up to, in a folder on disk (Oxigraph).

Beside the graph lie `judgements.jsonl`, what people decided about entities, and a ledger from which the assembly goes on
where it was; it can be thrown away.
"""

from kg.store.folder import FORMAT, StoreError
from kg.store.store import Store

__all__ = ["FORMAT", "Store", "StoreError"]
