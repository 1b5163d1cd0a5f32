"""Load on `kg serve`: 32 clients ask the catalogue's questions for a minute.

`python benchmarks/load.py [STORE] [SECONDS]`. Without a store it makes one of 100,000 claims (benchmarks/made_claims.py). Questions
to the point name a thing, a pair, a day or a word; the others look over everything. Figures are printed for both, and by question.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlencode, urlsplit

from made_claims import store

CLIENTS = 32
OVERALL = {"alliances", "casualties", "contested", "denials", "leaders", "planned", "plover-counts", "sources-ranked", "top-dyads",
           "treaties-and-parties", "facts-of-relation", "sentences-with", "entities-named", "as-of", "events-on-day"}


class Client:
    """One connection, kept open."""

    def __init__(self, server: str) -> None:
        at = urlsplit(server)
        self._connection = HTTPConnection(at.hostname or "", at.port, timeout=300)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def ask(self, query: str) -> tuple[int, bytes]:
        self._connection.request("POST", "/sparql", urlencode({"query": query}), {"Content-Type": "application/x-www-form-urlencoded"})
        response = self._connection.getresponse()
        return response.status, response.read()


def questions(server: str) -> list[tuple[str, str]]:
    """The catalogue's questions with things of the store in them, by name; busy things among them, as in life."""
    client, chance = Client(server), random.Random(5)
    rows = json.loads(client.ask("""SELECT ?label (SAMPLE(?r) AS ?relation) (SAMPLE(?o) AS ?other) (SUM(?n) AS ?claims) WHERE {
        GRAPH kgr:graph\\/assembled { ?fact a kgo:Fact ; kgo:subject ?s ; kgo:relation ?r ; kgo:object ?t ; kgo:claims ?n .
          ?s rdfs:label ?label . ?t rdfs:label ?o } } GROUP BY ?label ORDER BY DESC(?claims) LIMIT 600""")[1])["results"]["bindings"]
    known = [(row["label"]["value"], row["relation"]["value"].rpartition("#")[2], row["other"]["value"]) for row in rows]
    asked = []
    for question in json.loads(client.get("/help.json")[1])["questions"]:
        for _ in range(12 if question["parameters"] else 1):
            one, relation, other = chance.choice(known)
            values = {"entity": iter((one, other)), "relation": iter((relation, relation)), "date": iter(("2022-05-17",)),
                      "number": iter(("0.9",)), "text": iter((one.split()[0],))}
            params = {parameter["name"]: next(values[parameter["kind"]]) for parameter in question["parameters"]}
            status, text = client.get(f"/question/{quote(question['name'])}?{urlencode(params)}")
            if status == 200:
                asked.append((question["name"], text.decode()))
    return asked


def load(server: str, seconds: float) -> tuple[dict[str, list[float]], list[str]]:
    """How long each answer took, by question, and what went wrong."""
    asked = questions(server)
    took: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    end = time.monotonic() + seconds

    def client(seed: int) -> None:
        chance, connection = random.Random(seed), Client(server)
        while time.monotonic() < end:
            name, query = chance.choice(asked)
            begun = time.monotonic()
            try:
                status, body = connection.ask(query)
            except OSError as error:
                failed.append(f"{name}: {error!r}")
                connection = Client(server)
                continue
            took[name].append(time.monotonic() - begun)
            if status != 200:
                failed.append(f"{name}: {status} {body[:200]!r}")

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took, failed


def said(times: list[float]) -> str:
    cut = quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return f"{len(times):6,} answers   median {1000 * median(times):7.0f} ms   p95 {1000 * cut:7.0f} ms   most {1000 * max(times):7.0f} ms"


def main(path: Path, seconds: float) -> None:
    process = subprocess.Popen([sys.executable, "-m", "kg", "serve", str(path), "--port", "0"], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = re.search(r"http://[^ ]+(?=/ )", process.stderr.readline())
        assert found
        client = Client(found.group())
        while not json.loads(client.get("/search?q=x", Accept="application/json")[1])["ready"]:
            time.sleep(1)
        took, failed = load(found.group(), seconds)
    finally:
        process.terminate()
    for name in sorted(took):
        print(f"{name:22} {'' if name in OVERALL else 'point':6} {said(took[name])}")
    for kind, names in (("point questions", set(took) - OVERALL), ("the others", set(took) & OVERALL)):
        print(f"{kind:29} {said([one for name in names for one in took[name]])}")
    print(f"{CLIENTS} clients, {seconds:g} s, {sum(map(len, took.values())) / seconds:.0f} answers a second, {len(failed)} errors")
    for error in sorted(set(failed))[:10]:
        print(error)


if __name__ == "__main__":
    duration = float(sys.argv[2]) if len(sys.argv) > 2 else 60
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]), duration)
    else:
        with tempfile.TemporaryDirectory() as folder:
            store(Path(folder) / "store", 100_000)
            main(Path(folder) / "store", duration)
