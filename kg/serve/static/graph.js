// Results as a graph: triples as they are, and rows of a table that join two things.
"use strict";

const GraphPlugin = (() => {
  const KGO = "https://w3id.org/geopolitical-kg/ontology#";
  const KGR = "https://w3id.org/geopolitical-kg/id/";
  const RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
  const ENDS = [["subject", "object"], ["s", "o"], ["who", "whom"], ["one", "other"], ["person", "body"], ["party", "agreement"], ["who", "what"], ["who", "treaty"]];
  const LINKS = ["relation", "p", "predicate", "property"];
  const MOST = 1000;

  const short = (value) => {
    for (const start of [KGO, `${KGR}entity/`, KGR]) if (value.startsWith(start)) return decodeURIComponent(value.slice(start.length));
    return value.replace(/^https?:\/\/.*[#/](?=[^#/]+$)/, "");
  };
  const clipped = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

  // Which two columns are the ends of a line: those that are called so, else the first two that hold things.
  function ends(columns, rows) {
    const named = ENDS.find((pair) => pair.every((name) => columns.includes(name)));
    if (named) return named;
    const things = columns.filter((name) => !LINKS.includes(name) && rows.some((row) => row[name] && row[name].type !== "literal" && !row[name].value.startsWith(KGO)));
    return things.length > 1 ? things.slice(0, 2) : null;
  }

  function triples(results) {
    const found = [];
    const statements = results.getStatements && results.getStatements();
    if (statements && statements.length) {
      for (const { subject, predicate, object } of statements)
        found.push([subject.value, predicate.value, object.value, object.termType === "Literal"]);
      return found;
    }
    const rows = results.getBindings() || [];
    const columns = results.getVariables() || [];
    const joined = ends(columns, rows);
    if (!joined) return found;
    const link = columns.find((name) => LINKS.includes(name));
    for (const row of rows) {
      const [from, to] = joined.map((name) => row[name]);
      if (from && to) found.push([from.value, link && row[link] ? row[link].value : "", to.value, to.type === "literal" && !ENDS.some((pair) => pair[1] === joined[1])]);
    }
    return found;
  }

  // What the entities are called.
  async function names(ids) {
    const things = ids.filter((id) => id.startsWith(`${KGR}entity/`) && !/[<>"{}|^`\\\s]/.test(id)).slice(0, 500);
    if (!things.length) return new Map();
    const query = `SELECT ?thing ?name { VALUES ?thing { ${things.map((id) => `<${id}>`).join(" ")} } ?thing rdfs:label ?name }`;
    const response = await fetch("/sparql", { method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/sparql-results+json" } });
    return new Map((await response.json()).results.bindings.map((row) => [row.thing.value, row.name.value]));
  }

  return class {
    static names = names;

    constructor(yasr) {
      this.yasr = yasr;
      this.label = "Graph";
      this.priority = 5;
    }

    canHandleResults() {
      return Boolean(this.yasr.results) && triples(this.yasr.results).length > 0;
    }

    getIcon() {
      const icon = document.createElement("span");
      icon.textContent = "◉";
      icon.setAttribute("aria-hidden", "true");
      return icon;
    }

    draw() {
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue(name).trim();
      const nodes = new Map();
      const lines = [];
      const labels = new Map();
      const all = triples(this.yasr.results);
      for (const [from, link, to] of all) if (short(link) === "label") labels.set(from, to);
      const node = (id, literal) => {
        if (!nodes.has(id))
          nodes.set(id, { id, label: clipped(labels.get(id) || short(id)), shape: literal ? "text" : "box", font: { color: colour("--ink"), multi: false },
            color: { background: colour("--raised"), border: colour("--muted"), highlight: { background: colour("--accent-soft"), border: colour("--accent") } } });
      };
      for (const [from, link, to, literal] of all) {
        if (short(link) === "label" && labels.get(from) === to) continue;
        if (lines.length >= MOST) break;
        node(from, false);
        const end = literal ? `${from} ${link} ${to}` : to;
        if (literal) labels.set(end, to);
        node(end, literal);
        lines.push({ from, to: end, label: link === RDF_TYPE ? "a" : short(link), arrows: "to", color: colour("--muted"), font: { color: colour("--muted"), size: 11, strokeColor: colour("--surface"), strokeWidth: 4 } });
      }
      const place = document.createElement("div");
      place.className = "kg-graph";
      this.yasr.resultsEl.append(place);
      if (all.length > MOST) {
        const note = document.createElement("p");
        note.className = "muted";
        note.textContent = `The first ${MOST.toLocaleString("en")} of ${all.length.toLocaleString("en")} lines are drawn.`;
        this.yasr.resultsEl.append(note);
      }
      const drawn = new vis.DataSet([...nodes.values()]);
      GraphPlugin.names([...nodes.keys()]).then((named) => drawn.update([...named].map(([id, label]) => ({ id, label: clipped(label) }))), () => {});
      this.network = new vis.Network(place, { nodes: drawn, edges: lines }, {
        layout: { randomSeed: 7, improvedLayout: nodes.size < 150 },
        physics: { solver: "forceAtlas2Based", stabilization: { iterations: nodes.size > 300 ? 60 : 160 }, adaptiveTimestep: true },
        interaction: { hover: true } });
      this.network.once("stabilizationIterationsDone", () => this.network.setOptions({ physics: false }));
      this.network.on("doubleClick", ({ nodes: [chosen] }) => { if (chosen && chosen.startsWith(KGR)) location.href = `/${chosen.slice(KGR.length)}`; });
    }

    destroy() {
      if (this.network) this.network.destroy();
      this.network = null;
    }
  };
})();
