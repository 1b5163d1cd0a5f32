// Search over names (aliases and other scripts too), relations and sentences, accents and case aside.
"use strict";

const Search = (() => {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const MOST = { thing: 8, statement: 5, sentence: 5 };
  let choose = () => {};
  let found = [];
  let at = -1;

  const names = THINGS.map((thing) => [thing.label, ...(thing.aliases || []), thing.country || "", thing.wikidata || ""].map(plain));

  function find(text) {
    const wanted = plain(text).trim();
    if (!wanted) return [];
    const rank = (number) => {
      const places = names[number].map((one) => (one === wanted ? 0 : one.startsWith(wanted) ? 1 : one.includes(` ${wanted}`) ? 2 : one.includes(wanted) ? 3 : 9));
      return Math.min(...places);
    };
    const things = THINGS.map((thing, number) => ({ kind: "thing", number, rank: thing.x === undefined ? 9 : rank(number) }))
      .filter((one) => one.rank < 9).sort((a, b) => a.rank - b.rank || THINGS[b.number].weight - THINGS[a.number].weight).slice(0, MOST.thing);
    const words = wanted.split(/\s+/);
    const reading = (one) => plain(`${thingLabel(one.subject)} ${RELATIONS[one.relation].label} ${one.object === null ? "" : thingLabel(one.object)}`);
    const statements = STATEMENTS.map((one, number) => ({ kind: "statement", number, hit: words.every((word) => reading(one).includes(word)) && plain(RELATIONS[one.relation].label).split(" ").some((label) => words.some((word) => label.startsWith(word))) }))
      .filter((one) => one.hit).sort((a, b) => claimsOf(STATEMENTS[b.number]).length - claimsOf(STATEMENTS[a.number]).length).slice(0, MOST.statement);
    const seen = new Set();
    const sentences = [];
    for (let number = 0; number < STATEMENTS.length && sentences.length < MOST.sentence && wanted.length > 2; number++)
      for (const claim of claimsOf(STATEMENTS[number])) {
        const { sentence } = CLAIMS[claim];
        if (seen.has(sentence) || !plain(sentence).includes(wanted)) continue;
        seen.add(sentence);
        sentences.push({ kind: "statement", number, sentence });
        break;
      }
    return [...things, ...statements, ...sentences];
  }

  function excerpt(sentence) {
    const wanted = byId("search").value.trim().toLowerCase();
    const start = Math.max(0, sentence.toLowerCase().indexOf(wanted) - 40);
    return (start ? "…" : "") + sentence.slice(start, start + 130) + (start + 130 < sentence.length ? "…" : "");
  }

  function option(one, index) {
    const statement = one.kind === "statement" ? STATEMENTS[one.number] : null;
    const content = one.sentence ? [el("span", { class: "found-sentence", dir: "auto" }, excerpt(one.sentence))]
      : statement ? [el("span", { class: `dot family-${family(statement).replace(/ /g, "-")}` }), el("span", {}, name(thingLabel(statement.subject)), ` ${RELATIONS[statement.relation].label} `, statement.object === null ? "" : name(thingLabel(statement.object)))]
        : [typeIcon(THINGS[one.number].type), el("span", {}, name(THINGS[one.number].label)), el("small", {}, typeName(THINGS[one.number].type))];
    return el("li", { role: "option", id: `result-${index}`, "aria-selected": index === at ? "true" : "false", onmousedown: (event) => { event.preventDefault(); take(index); } }, content);
  }

  function draw() {
    const input = byId("search");
    const list = byId("results");
    const open = input.value.trim() !== "" && document.activeElement === input;
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (at >= 0) input.setAttribute("aria-activedescendant", `result-${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.replaceChildren(...(found.length ? found.map(option) : [el("li", { class: "hint" }, "Nothing found")]));
    const current = list.querySelector('[aria-selected="true"]');
    if (current) current.scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    if (!found[index]) return;
    const { kind, number } = found[index];
    byId("search").blur();
    byId("search").value = "";
    found = [];
    draw();
    choose({ kind, number });
  }

  function keys(event) {
    if (event.key === "ArrowDown") at = Math.min(found.length - 1, at + 1);
    else if (event.key === "ArrowUp") at = Math.max(-1, at - 1);
    else if (event.key === "Enter") return take(Math.max(0, at));
    else if (event.key === "Escape") { event.target.value = ""; found = []; at = -1; } else return undefined;
    event.preventDefault();
    draw();
    return undefined;
  }

  function start(onChoose) {
    choose = onChoose;
    const input = byId("search");
    input.addEventListener("input", () => { found = find(input.value); at = -1; draw(); });
    input.addEventListener("focus", () => { found = find(input.value); draw(); });
    input.addEventListener("blur", draw);
    input.addEventListener("keydown", keys);
  }

  return { start };
})();
