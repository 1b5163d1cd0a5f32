// The query page: YASGUI's editor and tables over this server's endpoint, with our words to complete and questions to start from.
"use strict";

(async () => {
  const { Yasqe, Yasr } = window.Yasgui.default || window.Yasgui.Yasgui || window.Yasgui;
  const KGO = "https://w3id.org/geopolitical-kg/ontology#";
  const KGR = "https://w3id.org/geopolitical-kg/id/";
  const START = `# Every fact is a plain triple; who says so stands in its claims.
# Ctrl-Space completes, Ctrl-Enter asks.
SELECT ?who ?what WHERE {
  ?s kgo:ratified ?o .
  ?s rdfs:label ?who .
  ?o rdfs:label ?what
} LIMIT 100`;
  const byId = (id) => document.getElementById(id);
  const told = document.createElement("p");
  told.id = "told";
  told.setAttribute("role", "status");
  byId("editor").replaceChildren(told);

  const answer = await fetch("/help.json");
  const help = await answer.json();
  const declared = Object.entries(help.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`).sort();
  const forked = (from, name, get) => Yasqe.forkAutocompleter(from, { name, get: async () => get, bulk: true, autoShow: true, persistenceId: null }, false);
  forked("prefixes", "kg-prefixes", declared);
  forked("property", "kg-properties", help.properties);
  forked("class", "kg-classes", help.classes);
  Yasr.registerPlugin("graph", GraphPlugin);

  // The endpoint knows the prefixes; the editor wants to see them, and shows them folded.
  const withPrefixes = (text) => {
    const missing = Object.entries(help.prefixes).filter(([prefix]) =>
      new RegExp(`(^|[\\s{(|/^;,!])${prefix}:`, "m").test(text.replace(/^#.*$/gm, "")) && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(text));
    return missing.map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>\n`).join("") + text;
  };

  const shared = new URLSearchParams(location.hash.slice(1)).get("query");
  const yasqe = new Yasqe(byId("editor"), {
    value: withPrefixes(START), persistenceId: "kg", resizeable: true, editorHeight: "260px", prefixCcApi: null,
    autocompleters: ["kg-prefixes", "kg-properties", "kg-classes", "variables"],
    requestConfig: { endpoint: `${location.origin}/sparql`, method: "POST", acceptHeaderSelect: "application/sparql-results+json", acceptHeaderGraph: "text/turtle" },
    createShareableLink: (editor) => `${location.origin}/#${new URLSearchParams({ query: editor.getValue() })}`,
    consumeShareLink: (editor) => { if (shared) editor.setValue(shared); },
  });
  yasqe.collapsePrefixes(true);
  const yasr = new Yasr(byId("editor"), { prefixes: help.prefixes, persistenceId: null,
    plugins: { table: { enabled: true, dynamicConfig: { compact: true, isEllipsed: true } } }, pluginOrder: ["table", "graph", "boolean", "response"] });
  yasqe.on("queryResponse", (_, response, duration) => yasr.setResponse(response, duration));
  yasqe.on("query", () => { told.textContent = ""; history.replaceState(null, "", `/#${new URLSearchParams({ query: yasqe.getValue() })}`); });
  const ask = () => yasqe.query().catch(() => {});
  if (shared) ask();

  // The graph's own IRIs are followed here, not where they would be published.
  byId("editor").addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const address = link.getAttribute("href");
    const to = address.startsWith(KGR) ? `/${address.slice(KGR.length)}` : address.startsWith(KGO) ? `/ontology#${address.slice(KGO.length)}` : null;
    if (!to) return;
    event.preventDefault();
    location.href = to;
  });

  byId("relations").replaceChildren(...help.properties.map((iri) => { const option = document.createElement("option"); option.value = iri.slice(KGO.length); return option; }));
  let asked = 0;
  byId("questions").addEventListener("input", async ({ target }) => {
    if (target.id === "narrow") {
      const words = target.value.toLowerCase();
      for (const item of byId("questions").querySelectorAll("li")) item.hidden = !item.textContent.toLowerCase().includes(words);
    } else if (target.dataset.kind === "entity" && target.value.length > 1) {
      const now = ++asked;
      const found = await (await fetch(`/search?${new URLSearchParams({ q: target.value, names: "1" })}`, { headers: { Accept: "application/json" } })).json();
      if (now !== asked) return;
      byId("entities").replaceChildren(...found.entities.map((one) => { const option = document.createElement("option"); option.value = one.label; option.label = one.type; return option; }));
    }
  });
  byId("questions").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const response = await fetch(`/question/${encodeURIComponent(form.dataset.question)}?${new URLSearchParams(new FormData(form))}`);
    const text = await response.text();
    if (!response.ok) { told.textContent = text; return; }
    yasqe.setValue(withPrefixes(text));
    yasqe.collapsePrefixes(true);
    ask();
    if (matchMedia("(max-width: 860px)").matches) byId("editor").scrollIntoView();
  });
  // Ask at once where there is nothing to fill in.
  byId("questions").addEventListener("toggle", ({ target }) => {
    const form = target.open && target.querySelector("form");
    const first = form && form.querySelector("input");
    if (first) first.focus({ preventScroll: true });
  }, true);
  window.kg = { yasqe, yasr }; // for the console and for tests
  document.documentElement.dataset.ready = "yes";
})();
