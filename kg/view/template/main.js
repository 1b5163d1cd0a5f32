// The parts put together: one state, one way to change it, and everything follows.
"use strict";

const App = (() => {
  let pending = 0;
  let view = null;

  // After a change of what is shown.
  function refresh() {
    pending = 0;
    view = shown();
    document.body.dataset.mode = state.mode;
    const all = view.statements.size < STATEMENTS.length ? ` (of ${STATEMENTS.length.toLocaleString("en")})` : "";
    byId("counts").textContent = [plural(view.things.size, "thing"), plural(view.statements.size, "statement") + all,
      plural(view.claims.size, "claim"), plural(view.articles, "article")].join(" · ");
    for (const button of byId("modes").children) button.setAttribute("aria-pressed", String(button.dataset.mode === state.mode));
    Canvas.show(view);
    Filters.show(view);
    Timeline.show(view);
    follow();
    focusChip();
    const nothing = byId("nothing");
    nothing.hidden = view.things.size > 0;
    nothing.textContent = STATEMENTS.length ? "Nothing fits the filters." : "Nothing to show.";
  }

  // After a change of what is selected.
  function follow() {
    Canvas.highlight();
    Panel.show(view);
    Table.show(view);
  }

  function later() {
    if (!pending) pending = requestAnimationFrame(refresh);
  }

  // A step that the browser's Back button takes back, or a change that it does not.
  function remember(step) {
    const fragment = toFragment();
    const address = fragment ? `#${fragment}` : location.pathname + location.search;
    try {
      if (step) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    } catch { /* a page without an address of its own keeps no history */ }
  }

  function changed() {
    remember(false);
    later();
  }

  function select(what, { keepFocus = false, move = false } = {}) {
    state.selected = what;
    remember(true);
    follow();
    if (what && move) Canvas.goTo(what);
    if (what && matchMedia("(max-width: 760px)").matches) pane("panel");
    else if (what && keepFocus === false && document.activeElement && byId("panel").contains(document.activeElement)) byId("panel").focus();
  }

  function focus(number) {
    state.focus = number;
    if (number === null) state.depth = 1;
    remember(true);
    refresh();
    pane("canvas");
    Canvas.fit();
  }

  function focusChip() {
    const chip = byId("focus");
    chip.hidden = state.focus === null;
    if (chip.hidden) return;
    const step = (by, text, label) => el("button", { type: "button", "aria-label": label, disabled: state.depth + by < 1 || state.depth + by > 5,
      onclick: () => { state.depth += by; remember(true); refresh(); Canvas.fit(); } }, text);
    chip.replaceChildren(el("span", {}, "Neighbourhood of ", el("strong", {}, name(THINGS[state.focus].label))),
      step(-1, "−", "One step fewer"), el("span", {}, plural(state.depth, "step")), step(1, "+", "One step more"),
      el("button", { type: "button", class: "close", "aria-label": "Leave the neighbourhood", onclick: () => focus(null) }, "×"));
  }

  function pane(which) {
    document.body.dataset.pane = which;
    for (const button of byId("tabs").children) button.setAttribute("aria-pressed", String(button.dataset.pane === which));
    if (which === "table") later();
  }

  function tip(what, at) {
    const box = byId("tip");
    box.hidden = !what || !at;
    if (box.hidden) return;
    if (what.kind === "thing") {
      const thing = THINGS[what.number];
      box.replaceChildren(el("strong", {}, name(thing.label)), el("small", {}, [typeName(thing.type), thing.country, plural(thing.weight, "claim")].filter(Boolean).join(" · ")));
    } else {
      const one = STATEMENTS[what.number];
      box.replaceChildren(el("strong", {}, name(thingLabel(one.subject)), ` ${RELATIONS[one.relation].label} `, one.object === null ? "" : name(thingLabel(one.object))),
        el("small", {}, [STANDINGS[one.standing].label, daysText(one.first, one.last), plural(claimsOf(one).length, "claim")].filter(Boolean).join(" · ")));
    }
    const ground = byId("graph").getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(at.x + 14, ground.width - box.offsetWidth - 8))}px`;
    box.style.top = `${at.y + 18 + box.offsetHeight > ground.height ? at.y - box.offsetHeight - 12 : at.y + 18}px`;
  }

  function theme() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const button = byId("theme");
    const apply = (chosen) => {
      document.documentElement.dataset.theme = chosen || (dark.matches ? "dark" : "light");
      button.textContent = document.documentElement.dataset.theme === "dark" ? "☀" : "☾";
    };
    apply();
    button.addEventListener("click", () => { apply(document.documentElement.dataset.theme === "dark" ? "light" : "dark"); Canvas.recolour(); });
    dark.addEventListener("change", () => { apply(); Canvas.recolour(); });
  }

  function start() {
    theme();
    state = fromFragment(location.hash.slice(1));
    if (!location.hash && PAGE.focus !== null) state.selected = { kind: "thing", number: PAGE.focus };
    Panel.start({ select: (what) => select(what, { move: true }), focus, goTo: (what) => { pane("canvas"); Canvas.goTo(what); } });
    Filters.start(changed);
    Timeline.start(changed);
    Table.start((what, options) => select(what, { move: true, ...options }));
    Search.start((what) => select(what, { move: true }));
    Canvas.start({ onSelect: select, onPoint: tip });
    for (const button of byId("modes").children)
      button.addEventListener("click", () => { state.mode = button.dataset.mode; remember(false); refresh(); });
    for (const button of byId("tabs").children) button.addEventListener("click", () => pane(button.dataset.pane));
    byId("toggle-filters").addEventListener("click", ({ currentTarget }) => {
      currentTarget.setAttribute("aria-expanded", String(document.body.classList.toggle("filters-open")));
    });
    const wide = matchMedia("(min-width: 1241px)").matches;
    document.body.classList.toggle("filters-open", wide);
    byId("toggle-filters").setAttribute("aria-expanded", String(wide));
    byId("zoom-in").addEventListener("click", () => Canvas.zoom(1.4));
    byId("zoom-out").addEventListener("click", () => Canvas.zoom(1 / 1.4));
    byId("fit").addEventListener("click", () => Canvas.fit());
    byId("save-image").addEventListener("click", () => Canvas.picture((blob) => save(blob, "graph.png")));
    byId("save-table").addEventListener("click", () => { save(new Blob([Table.csv()], { type: "text/csv" }), "statements.csv"); });
    addEventListener("popstate", () => { state = fromFragment(location.hash.slice(1)); refresh(); });
    addEventListener("keydown", (event) => {
      if (event.key === "/" && !/input|select|textarea/i.test(event.target.tagName)) { event.preventDefault(); byId("search").focus(); }
      if (event.key === "Escape" && !/input/i.test(event.target.tagName) && state.selected) select(null);
    });
    pane("canvas");
    refresh();
    Canvas.fit(false);
    document.documentElement.dataset.ready = "yes";
    window.kg = { whereabouts: Canvas.whereabouts }; // for the console and for tests: what is drawn where
  }

  return { start };
})();

App.start();
