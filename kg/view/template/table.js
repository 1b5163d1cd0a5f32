// The same statements as a table: sortable, and usable by keyboard alone.
"use strict";

const Table = (() => {
  const PAGE_ROWS = 200;
  let select = () => {};
  let view = null;
  let rowsShown = PAGE_ROWS;
  let sorting = { column: "claims", down: true };

  const COLUMNS = {
    subject: { label: "Who", of: (one) => thingLabel(one.subject) },
    relation: { label: "Did what", of: (one) => RELATIONS[one.relation].label },
    object: { label: "To whom", of: (one) => (one.object === null ? "" : thingLabel(one.object)) },
    standing: { label: "Stands as", of: (one) => STANDINGS[one.standing].label },
    when: { label: "When", of: (one) => one.first || one.last || "", text: (one) => daysText(one.first, one.last) },
    claims: { label: "Claims", of: (one) => claimsOf(one).length, number: true },
    articles: { label: "Articles", of: (one) => new Set(claimsOf(one).map((number) => CLAIMS[number].document)).size, number: true },
    belief: { label: "Belief", of: (one) => (one.belief === undefined ? -1 : one.belief), text: (one) => (one.belief === undefined ? "" : one.belief.toFixed(2)), number: true },
  };

  function sorted() {
    const { of } = COLUMNS[sorting.column];
    const turn = sorting.down ? -1 : 1;
    return [...view.statements].sort((a, b) => {
      const [x, y] = [of(STATEMENTS[a]), of(STATEMENTS[b])];
      if ((x === "") !== (y === "")) return x === "" ? 1 : -1; // what has no value stands last either way
      return turn * (typeof x === "number" ? x - y : x.localeCompare(y)) || a - b;
    });
  }

  function cell(column, one) {
    const { of, text, number } = COLUMNS[column];
    const value = text ? text(one) : of(one);
    const content = column === "standing" ? badge(one.standing) : column === "relation" ? value : name(String(value));
    return el("td", { class: number ? "number" : `of-${column}` }, content);
  }

  function row(number) {
    const one = STATEMENTS[number];
    const chosen = state.selected && state.selected.kind === "statement" && state.selected.number === number;
    return el("tr", { "data-number": number, tabindex: -1, "aria-selected": chosen ? "true" : "false", onclick: () => select({ kind: "statement", number }) },
      Object.keys(COLUMNS).map((column) => cell(column, one)));
  }

  function head([id, { label, number }]) {
    const here = sorting.column === id;
    const order = here ? (sorting.down ? "descending" : "ascending") : "none";
    return el("th", { scope: "col", "aria-sort": order, class: number ? "number" : `of-${id}` },
      el("button", { type: "button", "data-column": id, onclick: () => sort(id) }, label, el("span", { "aria-hidden": "true" }, here ? (sorting.down ? " ↓" : " ↑") : "")));
  }

  function sort(column) {
    sorting = { column, down: sorting.column === column ? !sorting.down : Boolean(COLUMNS[column].number) };
    draw();
    byId("table").querySelector(`[data-column="${column}"]`).focus();
  }

  function draw() {
    const numbers = sorted();
    const rows = numbers.slice(0, rowsShown).map(row);
    const current = rows.find((one) => one.getAttribute("aria-selected") === "true") || rows[0];
    if (current) current.tabIndex = 0;
    const more = numbers.length > rowsShown && el("button", { type: "button", class: "more", onclick: () => { rowsShown += PAGE_ROWS; draw(); } },
      `Show ${Math.min(PAGE_ROWS, numbers.length - rowsShown)} more of ${numbers.length.toLocaleString("en")}`);
    byId("table").replaceChildren(numbers.length
      ? el("table", { onkeydown: keys }, el("caption", {}, `${plural(numbers.length, "statement")}; choose one to read its sentences`),
        el("thead", {}, el("tr", {}, Object.entries(COLUMNS).map(head))), el("tbody", {}, rows))
      : el("p", { class: "nothing" }, "No statement fits the filters."), more || "");
  }

  function keys(event) {
    const here = event.target.closest("tbody tr");
    if (!here) return;
    const steps = { ArrowDown: here.nextElementSibling, ArrowUp: here.previousElementSibling, Home: here.parentNode.firstElementChild, End: here.parentNode.lastElementChild };
    if (event.key === "Enter" || event.key === " ") select({ kind: "statement", number: Number(here.dataset.number) }, { keepFocus: true });
    else if (event.key in steps) {
      if (steps[event.key]) {
        here.tabIndex = -1;
        steps[event.key].tabIndex = 0;
        steps[event.key].focus();
      }
    } else return;
    event.preventDefault();
  }

  function show(next) {
    const focused = document.activeElement && document.activeElement.closest("#table tbody tr");
    view = next;
    if (state.mode === "graph" && document.body.dataset.pane !== "table") return;
    draw();
    if (focused) {
      const again = byId("table").querySelector(`tr[data-number="${focused.dataset.number}"]`);
      if (again) again.focus();
    }
  }

  const quoted = (value) => `"${String(value).replace(/"/g, '""')}"`;

  // What is shown as CSV (RFC 4180), with the reading of every sentence behind it left to the claims' own export.
  function csv() {
    const lines = [Object.values(COLUMNS).map(({ label }) => label)];
    for (const number of sorted())
      lines.push(Object.values(COLUMNS).map(({ of, text }) => (text ? text(STATEMENTS[number]) : of(STATEMENTS[number]))));
    return "\uFEFF" + lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";
  }

  return { show, csv, start: (onSelect) => { select = onSelect; } };
})();
