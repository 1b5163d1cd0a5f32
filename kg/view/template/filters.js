// The legend, which is the filters as well: what every line, colour and shape means, how much of it is shown, and
// a switch for each.
"use strict";

const Filters = (() => {
  const FEW = 10;
  let changed = () => {};
  const rows = new Map(); // facet -> value -> { box, count }
  const groups = []; // families: a switch over several relations

  function row(facet, value, sample, label, title) {
    const box = el("input", { type: "checkbox", "aria-label": label, onchange: () => toggle(facet, [value], box.checked) });
    const count = el("span", { class: "count" });
    const only = el("button", { type: "button", class: "only", title: `Only ${label}`, onclick: (event) => { event.preventDefault(); keepOnly(facet, [value]); } }, "only");
    if (!rows.has(facet)) rows.set(facet, new Map());
    rows.get(facet).set(value, { box, count });
    return el("li", {}, el("label", { title }, box, sample, el("span", { class: "row-text" }, name(label)), only, count));
  }

  function toggle(facet, values, on) {
    for (const value of values) state.off[facet][on ? "delete" : "add"](value);
    changed();
  }

  function keepOnly(facet, values) {
    const alone = facetValues(facet).every((value) => state.off[facet].has(value) !== values.includes(value));
    state.off[facet] = new Set(alone ? [] : facetValues(facet).filter((value) => !values.includes(value)));
    changed();
  }

  const section = (title, open, ...content) => el("details", { open }, el("summary", {}, title), content);

  // A long list shows its first values, and the rest on demand.
  function list(items) {
    const element = el("ul", { class: "facet" }, items);
    if (items.length <= FEW + 2) return [element];
    items.slice(FEW).forEach((item) => { item.hidden = true; });
    const more = el("button", { type: "button", class: "more", onclick: () => { items.forEach((item) => { item.hidden = false; }); more.remove(); } },
      `Show ${items.length - FEW} more`);
    return [element, more];
  }

  function byUse(facet) {
    const counts = facetCounts(facet, null);
    return facetValues(facet).sort((a, b) => (counts.get(b) || 0) - (counts.get(a) || 0) || a.localeCompare(b));
  }

  function families() {
    const used = byUse("relation");
    return Object.entries(FAMILIES).map(([id, label]) => {
      const relations = used.filter((relation) => RELATIONS[relation].family === id);
      if (!relations.length) return null;
      const box = el("input", { type: "checkbox", "aria-label": label, onchange: () => toggle("relation", relations, box.checked) });
      const count = el("span", { class: "count" });
      groups.push({ relations, box, count });
      const only = el("button", { type: "button", class: "only", title: `Only ${label}`, onclick: (event) => { event.preventDefault(); keepOnly("relation", relations); } }, "only");
      return el("details", { class: "family" },
        el("summary", {}, box, el("span", { class: `bar family-${id.replace(/ /g, "-")}` }), el("span", { class: "row-text" }, label), only, count),
        el("ul", { class: "facet" }, relations.map((relation) => row("relation", relation, null, RELATIONS[relation].label))));
    });
  }

  function start(onChange) {
    changed = onChange;
    const standings = Object.keys(STANDINGS).filter((standing) => STATEMENTS.some((one) => one.standing === standing));
    const level = el("input", { type: "range", id: "confidence", min: 0, max: 1, step: 0.05, "aria-label": "Confidence at least", oninput: () => { state.confidence = Number(level.value); changed(); } });
    byId("filters").append(
      el("div", { class: "filters-head" }, el("h2", {}, "Legend and filters"),
        el("button", { type: "button", id: "reset", onclick: () => { state = { ...fresh(), selected: state.selected, mode: state.mode, focus: state.focus, depth: state.depth }; changed(); } }, "Reset")),
      section("How it stands", true, el("ul", { class: "facet" }, standings.map((standing) =>
        row("standing", standing, standingIcon(standing), STANDINGS[standing].label, STANDINGS[standing].means)))),
      section("What was done", true, families()),
      section("Things", true, list(byUse("type").map((type) => row("type", type, typeIcon(type), typeName(type))))),
      section("Publisher", false, list(byUse("publisher").map((value) => row("publisher", value, null, value)))),
      section("Who says so", false, list(byUse("speaker").map((value) => row("speaker", value, null, value)))),
      section("How it is said", false, list(byUse("modality").map((value) => row("modality", value, null, value)))),
      section("Confidence", false, el("div", { class: "level" }, level, el("output", { id: "confidence-value", for: "confidence" }))));
  }

  function show(view) {
    for (const [facet, values] of rows) {
      const counts = facetCounts(facet, view.near);
      for (const [value, { box, count }] of values) {
        box.checked = !state.off[facet].has(value);
        count.textContent = counts.get(value) || 0;
        count.closest("li").classList.toggle("none", !counts.get(value));
      }
      if (facet !== "relation") continue;
      for (const { relations, box, count } of groups) {
        const on = relations.filter((relation) => !state.off.relation.has(relation)).length;
        box.checked = on === relations.length;
        box.indeterminate = on > 0 && on < relations.length;
        count.textContent = relations.reduce((sum, relation) => sum + (counts.get(relation) || 0), 0);
      }
    }
    byId("confidence").value = state.confidence;
    byId("confidence-value").textContent = state.confidence ? `at least ${state.confidence.toFixed(2)}` : "any";
    byId("reset").hidden = !filtered();
  }

  return { start, show };
})();
