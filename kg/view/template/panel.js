// The panel at the side: what a thing is and what it did; who says a statement and where; what the page shows at all.
"use strict";

const Panel = (() => {
  let act = {};
  let view = null;

  const thingButton = (number) => {
    if (number === null || number === undefined) return el("span", { class: "unnamed" }, "no one named");
    const thing = THINGS[number];
    const parts = [typeIcon(thing.type), name(thing.label)];
    if (thing.x === undefined) return el("span", { class: "thing" }, parts);
    return el("button", { type: "button", class: "thing", onclick: () => act.select({ kind: "thing", number }) }, parts);
  };

  const confidence = (value) =>
    el("span", { class: "confidence", title: `Confidence ${value}: of such claims about ${Math.round(value * 100)}% are right` },
      el("meter", { min: 0, max: 1, value, "aria-label": "Confidence" }), value.toFixed(2));

  // Where more lies behind the page than it holds: the address of a thing's or a fact's own page, and of this one with more.
  const address = (kind, id) => `/${kind}/${encodeURIComponent(id).replaceAll("%2F", "/").replaceAll("%40", "@")}`;
  const withMore = (id) => {
    const loaded = PAGE.live.filter((one) => one !== id).concat(id).map((one) => `thing=${encodeURIComponent(one)}`);
    return `/graph?${loaded.join("&")}#thing=${encodeURIComponent(id)}`;
  };

  // A link out of an article's metadata leads somewhere only where it is a web address.
  function link(document) {
    let web = false;
    try { web = ["http:", "https:"].includes(new URL(document.url).protocol); } catch { web = false; }
    return web ? el("a", { href: document.url, target: "_blank", rel: "noopener noreferrer" }, name(document.title))
      : name(document.title);
  }

  // The sentence cut at every mark's ends; a stretch carries all the roles that cover it.
  function sentence(claim) {
    const cuts = [...new Set([0, claim.sentence.length, ...claim.marks.flatMap(([start, end]) => [start, end])])].sort((a, b) => a - b);
    const parts = cuts.slice(1).map((end, index) => {
      const start = cuts[index];
      const roles = claim.marks.filter(([from, to]) => from <= start && end <= to).map(([, , role]) => role);
      const text = claim.sentence.slice(start, end);
      return roles.length ? el("mark", { class: roles.map((role) => `is-${role}`).join(" "), title: roles.join(", ") }, text) : text;
    });
    return el("blockquote", { dir: "auto" }, parts);
  }

  function evidence(number) {
    const claim = CLAIMS[number];
    const document = DOCUMENTS[claim.document];
    const said = [];
    if (claim.polarity === "negative") said.push(el("span", { class: "chip strong" }, "said not to be so"));
    if (claim.modality !== "asserted") said.push(el("span", { class: "chip strong" }, claim.modality));
    const when = claim.time && daysText(claim.first, claim.last);
    if (when) said.push(el("span", { class: "chip", title: "When the act took place" }, when));
    if (claim.place !== undefined) said.push(el("span", { class: "chip", title: "Where the act took place" }, typeIcon("Place"), name(thingLabel(claim.place))));
    if (claim.quantity) said.push(el("span", { class: "chip", title: "How many or how much" }, name(claim.quantity)));
    const elsewhere = Object.entries(claim.elsewhere || {}).map(([role, text]) =>
      el("p", { class: "elsewhere" }, `${role === "subject" ? "Who acts" : "To whom"} is named elsewhere in the article: `, el("q", {}, name(text))));
    const chain = claim.sources.flatMap((source, index) => [index ? el("span", { class: "arrow" }, "quoting") : null, thingButton(source)]);
    return el("article", { class: "evidence" },
      sentence(claim),
      elsewhere,
      chain.length ? el("p", { class: "chain" }, el("span", { class: "arrow" }, "according to"), chain) : null,
      el("p", { class: "chips" }, said, confidence(claim.confidence)),
      el("footer", {}, el("strong", {}, name(publisher(claim))),
        document.published ? el("time", { datetime: document.published }, dayText(document.published)) : el("span", {}, "undated"), link(document)));
  }

  // Claims by the occurrence that they tell of, where there is more than one.
  function occurrences(numbers) {
    const groups = new Map();
    for (const number of numbers) {
      const key = CLAIMS[number].event;
      groups.set(key, (groups.get(key) || []).concat(number));
    }
    if (groups.size < 2) return numbers.map(evidence);
    const sorted = [...groups].sort(([a], [b]) => ((PAGE.events[a] || {}).first || "9999").localeCompare((PAGE.events[b] || {}).first || "9999"));
    return sorted.map(([key, members]) => {
      const event = PAGE.events[key] || { places: [], quantities: [] };
      const told = [daysText(event.first, event.last) || "Undated", ...event.places.map(thingLabel), ...event.quantities];
      return el("section", { class: "occurrence" }, el("h4", {}, told.map((text, index) => [index ? " · " : null, name(text)])), members.map(evidence));
    });
  }

  function split(numbers, statement) {
    const passing = numbers.filter((number) => claimPasses(CLAIMS[number], statement));
    const hidden = numbers.length - passing.length;
    return [occurrences(passing), hidden ? el("p", { class: "hint" }, `${plural(hidden, "sentence")} hidden by the filters.`) : null];
  }

  function standingText(statement) {
    const { standing, claims, against } = statement;
    const articles = new Set(claims.map((number) => CLAIMS[number].document)).size;
    const told = `${plural(claims.length, "sentence")} in ${plural(articles, "article")}` +
      (statement.publishers ? ` of ${plural(statement.publishers, "independent publisher")}` : "");
    const extra = against.length ? `, and ${against.length} against` : "";
    return `${STANDINGS[standing].means[0].toUpperCase()}${STANDINGS[standing].means.slice(1)}. ${told}${extra}.`;
  }

  function statementPanel(number) {
    const statement = STATEMENTS[number];
    const relation = RELATIONS[statement.relation];
    const when = daysText(statement.first, statement.last);
    const rows = [
      ["Kind", `${FAMILIES[relation.family] || relation.family}${relation.eventType ? ` · ${relation.eventType}` : ""}`],
      ["When", when || "not said"],
      statement.belief === undefined ? null : ["Belief", el("span", { class: "confidence" }, el("meter", { min: 0, max: 1, value: statement.belief, "aria-label": "Belief" }), statement.belief.toFixed(2))],
    ].filter(Boolean);
    const sides = statement.against.length
      ? [el("section", { class: "side for" }, el("h3", {}, `Say so (${statement.claims.length})`), split(statement.claims, statement)),
        el("section", { class: "side against" }, el("h3", {}, `Deny it, or say the opposite (${statement.against.length})`), split(statement.against, statement))]
      : [el("section", { class: "side" }, el("h3", {}, "Where it is said"), split(statement.claims, statement))];
    return [
      el("p", { class: "kicker" }, "Statement"),
      el("h2", { class: `reading family-${relation.family.replace(/ /g, "-")}` }, thingButton(statement.subject),
        el("span", { class: "relation" }, relation.label), thingButton(statement.object)),
      el("p", { class: "standing-line" }, badge(statement.standing), el("span", {}, standingText(statement))),
      el("dl", {}, rows.map(([term, value]) => [el("dt", {}, term), el("dd", {}, value)])),
      sides,
      PAGE.live && statement.belief !== undefined
        ? el("p", { class: "buttons" }, el("a", { class: "button", href: address("fact", statement.id) }, "All sentences, on the fact's page")) : null,
      el("p", { class: "key" }, ["trigger", "subject", "object", "time", "place", "quantity"].map((role) => el("mark", { class: `is-${role}` }, role === "quantity" ? "number" : role))),
    ];
  }

  // One line of a list of statements, told from the side of `thing` where there is one.
  function statementRow(number, thing = null) {
    const statement = STATEMENTS[number];
    const relation = RELATIONS[statement.relation];
    const end = (other) => (other === thing ? el("span", { class: "own" }, name(thingLabel(other))) : el("b", {}, name(thingLabel(other))));
    return el("li", {}, el("button", { type: "button", class: "row", onclick: () => act.select({ kind: "statement", number }) },
      el("span", { class: `dot family-${relation.family.replace(/ /g, "-")}` }),
      el("span", { class: "row-text" }, [statement.subject === thing ? null : end(statement.subject), relation.label, end(statement.object)].filter(Boolean).flatMap((part) => [part, " "])),
      statement.standing === "reported" ? null : badge(statement.standing),
      el("span", { class: "row-side" }, thing === null ? plural(claimsOf(statement).length, "claim") : daysText(statement.first, statement.last))));
  }

  const statementList = (numbers, thing) => el("ul", { class: "rows" }, numbers.map((number) => statementRow(number, thing)));

  function inTime(numbers, thing) {
    const groups = new Map();
    const year = (statement) => (statement.first || statement.last || "").slice(0, 4) || "Undated";
    const day = (statement) => statement.first || statement.last || "9999";
    const sorted = [...numbers].sort((a, b) => day(STATEMENTS[a]).localeCompare(day(STATEMENTS[b])) || a - b);
    for (const number of sorted) groups.set(year(STATEMENTS[number]), (groups.get(year(STATEMENTS[number])) || []).concat(number));
    return [...groups].map(([label, members]) => el("section", { class: "year" }, el("h4", {}, label), statementList(members, thing)));
  }

  function thingPanel(number) {
    const thing = THINGS[number];
    const all = statementsOf[number];
    const seen = all.filter((one) => view.statements.has(one));
    const about = [typeName(thing.type), thing.country && `${thing.country}`, thing.sector].filter(Boolean);
    const focused = state.focus === number;
    return [
      el("p", { class: "kicker" }, typeIcon(thing.type), about.join(" · ")),
      el("h2", {}, name(thing.label)),
      thing.aliases ? el("p", { class: "aliases" }, "Also called ", thing.aliases.map((alias, index) => [index ? ", " : null, name(alias)])) : null,
      el("p", { class: "buttons" },
        focused ? el("button", { type: "button", onclick: () => act.focus(null) }, "Show everything again")
          : el("button", { type: "button", class: "main", onclick: () => act.focus(number) }, "Show its neighbourhood"),
        el("button", { type: "button", onclick: () => act.goTo({ kind: "thing", number }) }, "Centre"),
        PAGE.live && !PAGE.live.includes(thing.id) ? el("a", { class: "button", href: withMore(thing.id) }, "Load more around it") : null,
        PAGE.live ? el("a", { class: "button", href: address("entity", thing.id) }, "Its page") : null,
        thing.wikidata && /^Q\d+$/.test(thing.wikidata)
          ? el("a", { class: "button", href: `https://www.wikidata.org/wiki/${thing.wikidata}`, target: "_blank", rel: "noopener noreferrer" }, `Wikidata ${thing.wikidata}`) : null),
      el("h3", {}, `In time (${seen.length})`),
      seen.length ? inTime(seen, number) : el("p", { class: "hint" }, "The filters hide all that is said of it."),
      seen.length && seen.length < all.length ? el("p", { class: "hint" }, `${plural(all.length - seen.length, "statement")} hidden by the filters.`) : null,
      el("p", { class: "identifier" }, "Identifier ", el("code", {}, name(thing.id))),
    ];
  }

  function overview() {
    if (!STATEMENTS.length)
      return [el("p", { class: "kicker" }, "Overview"), el("h2", {}, "Nothing to show"),
        el("p", { class: "hint" }, "The graph holds no statements, or none that fit what was asked for."),
        PAGE.leftOut.map((text) => el("p", { class: "note" }, text))];
    const articles = (one) => new Set(claimsOf(one).map((claim) => CLAIMS[claim].document)).size;
    const lasting = (one) => Number(!RELATIONS[one.relation].eventType);
    const compare = (a, b) => articles(b) - articles(a) || lasting(a) - lasting(b) || claimsOf(b).length - claimsOf(a).length ||
      (b.last || "").localeCompare(a.last || "");
    const sorted = [...view.statements].sort((a, b) => compare(STATEMENTS[a], STATEMENTS[b]) || a - b);
    const contested = sorted.filter((number) => STATEMENTS[number].standing === "contested");
    const things = [...view.things].sort((a, b) => THINGS[b].weight - THINGS[a].weight || a - b).slice(0, 12);
    const published = DOCUMENTS.map((document) => document.published).filter(Boolean).sort();
    return [
      el("p", { class: "kicker" }, "Overview"),
      el("h2", {}, "Who did what to whom, and who says so"),
      el("p", {}, "Drawn from ", plural(DOCUMENTS.length, "article"),
        published.length ? ` published ${published[0] === published.at(-1) ? "on" : ""} ${daysText(published[0], published.at(-1))}` : "",
        ". Choose a line to read the sentences behind it, or a thing to see all that is said of it."),
      PAGE.leftOut.map((text) => el("p", { class: "note" }, text)),
      contested.length ? [el("h3", {}, `Contested (${contested.length})`), statementList(contested.slice(0, 8), null)] : null,
      el("h3", {}, "Most reported"), statementList(sorted.filter((number) => ["reported", "attributed"].includes(STATEMENTS[number].standing)).slice(0, 8), null),
      el("h3", {}, "Most involved"), el("p", { class: "things" }, things.map(thingButton)),
    ];
  }

  function show(next) {
    view = next;
    const { selected } = state;
    const panel = byId("panel");
    const parts = !selected ? overview() : selected.kind === "thing" ? thingPanel(selected.number) : statementPanel(selected.number);
    const close = selected && el("button", { type: "button", class: "close", "aria-label": "Close, back to the overview", onclick: () => act.select(null) }, "×");
    const before = panel.dataset.showing;
    panel.dataset.showing = selected ? `${selected.kind} ${selected.number}` : "";
    panel.replaceChildren(...[close, ...parts.flat(3)].filter(Boolean));
    if (before !== panel.dataset.showing) panel.scrollTop = 0;
  }

  return { show, start: (actions) => { act = actions; } };
})();
