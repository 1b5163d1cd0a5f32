// What the page knows, what the reader has asked for, and what of it is therefore shown.
"use strict";

const DATA = JSON.parse(byId("data").textContent);
const PAGE = DATA.page;
const { things: THINGS, statements: STATEMENTS, claims: CLAIMS, documents: DOCUMENTS, relations: RELATIONS } = PAGE;

const STANDINGS = {
  reported: { label: "Reported", mark: "", means: "an article says so in its own voice" },
  attributed: { label: "Attributed", mark: "“", means: "said through quoted sources only" },
  contested: { label: "Contested", mark: "≠", means: "some say so, others deny it or say the opposite" },
  planned: { label: "Planned", mark: "»", means: "intended, promised, scheduled or ordered" },
  demanded: { label: "Demanded", mark: "!", means: "someone asks that it be done" },
  possible: { label: "Possible", mark: "?", means: "said to be possible or likely" },
  hypothetical: { label: "Hypothetical", mark: "if", means: "in a condition, a right or a clause" },
  denied: { label: "Denied", mark: "×", means: "said not to be so" },
  unsure: { label: "Unsure", mark: "~", means: "read with too little confidence to count as a fact" },
};
const FAMILIES = {
  "material cooperation": "Deeds that cooperate",
  "verbal cooperation": "Words that cooperate",
  "verbal conflict": "Words in conflict",
  "material conflict": "Deeds in conflict",
  "lasting state": "Lasting states",
};
const MODALITIES = ["asserted", "likely", "possible", "planned", "hypothetical", "demanded"];
const TYPE_NAMES = { ArmedForce: "Armed force", ArmedGroup: "Armed group" };
const OWN_VOICE = "the article itself";

const typeName = (type) => TYPE_NAMES[type] || type;
const thingLabel = (number) => (number === null || number === undefined ? "no one named" : THINGS[number].label);
const family = (statement) => RELATIONS[statement.relation].family;
const publisher = (claim) => DOCUMENTS[claim.document].publisher || "publisher unknown";
const speakers = (claim) => (claim.sources.length ? claim.sources.map((number) => THINGS[number].label) : [OWN_VOICE]);
const claimsOf = (statement) => statement.claims.concat(statement.against);

const statementsOf = THINGS.map(() => []);
STATEMENTS.forEach((statement, number) => {
  statementsOf[statement.subject].push(number);
  if (statement.object !== null) statementsOf[statement.object].push(number);
});

// What can be switched off, one set of values each. The first three are of a statement, the others of its claims.
const FACETS = {
  standing: { of: (statement) => [statement.standing] },
  relation: { of: (statement) => [statement.relation] },
  type: { of: (statement) => [statement.subject, statement.object].filter((n) => n !== null).map((n) => THINGS[n].type) },
  publisher: { ofClaim: (claim) => [publisher(claim)] },
  speaker: { ofClaim: speakers, any: true },
  modality: { ofClaim: (claim) => [claim.polarity === "negative" ? "denied" : claim.modality] },
};

const fresh = () => ({
  off: Object.fromEntries(Object.keys(FACETS).map((facet) => [facet, new Set()])),
  confidence: 0, from: "", to: "", by: "act", undated: true,
  focus: null, depth: 1, selected: null, mode: "graph",
});
let state = fresh();

// The days a claim falls on: of the act, else as far as its statement knows; or of the publication.
function claimDays(claim, statement) {
  if (state.by === "report") return [DOCUMENTS[claim.document].published, DOCUMENTS[claim.document].published];
  return claim.first || claim.last ? [claim.first || claim.last, claim.last || claim.first]
    : [statement.first || statement.last, statement.last || statement.first];
}

function claimPasses(claim, statement, skip) {
  if (skip !== "confidence" && claim.confidence < state.confidence) return false;
  for (const [facet, { ofClaim, any }] of Object.entries(FACETS)) {
    if (!ofClaim || facet === skip || !state.off[facet].size) continue;
    const values = ofClaim(claim);
    if (any ? values.every((value) => state.off[facet].has(value)) : values.some((value) => state.off[facet].has(value)))
      return false;
  }
  if (skip === "time") return true;
  const [first, last] = claimDays(claim, statement);
  if (!first) return state.undated;
  return (!state.from || last >= state.from) && (!state.to || first <= state.to);
}

function passes(statement, skip) {
  for (const [facet, { of }] of Object.entries(FACETS))
    if (of && facet !== skip && of(statement).some((value) => state.off[facet].has(value))) return false;
  return claimsOf(statement).some((number) => claimPasses(CLAIMS[number], statement, skip));
}

// The things within `depth` steps of the focus, by the given statements; null where there is no focus.
function neighbourhood(numbers) {
  if (state.focus === null) return null;
  const joined = new Map();
  for (const { subject, object } of numbers.map((number) => STATEMENTS[number])) {
    if (object === null) continue;
    joined.set(subject, (joined.get(subject) || []).concat(object));
    joined.set(object, (joined.get(object) || []).concat(subject));
  }
  const near = new Set([state.focus]);
  for (let step = 0; step < state.depth; step++)
    for (const thing of [...near]) for (const other of joined.get(thing) || []) near.add(other);
  return near;
}

const inside = (statement, near) =>
  !near || (near.has(statement.subject) && (statement.object === null || near.has(statement.object)));

// What is shown now: numbers of statements and things, the claims that pass, and how many articles they come from.
function shown() {
  const passing = STATEMENTS.map((_, number) => number).filter((number) => passes(STATEMENTS[number]));
  const near = neighbourhood(passing);
  const statements = new Set(passing.filter((number) => inside(STATEMENTS[number], near)));
  const things = new Set();
  const claims = new Set();
  if (state.focus !== null) things.add(state.focus);
  for (const number of statements) {
    const statement = STATEMENTS[number];
    things.add(statement.subject);
    if (statement.object !== null) things.add(statement.object);
    for (const claim of claimsOf(statement)) if (claimPasses(CLAIMS[claim], statement)) claims.add(claim);
  }
  return { statements, things, claims, near, articles: new Set([...claims].map((claim) => CLAIMS[claim].document)).size };
}

// How many statements each value of a facet would show, were that facet not filtered.
function facetCounts(facet, near) {
  const counts = new Map();
  const { of, ofClaim } = FACETS[facet];
  for (const statement of STATEMENTS) {
    if (!inside(statement, near) || !passes(statement, facet)) continue;
    const values = of ? of(statement) : claimsOf(statement).map((number) => CLAIMS[number])
      .filter((claim) => claimPasses(claim, statement, facet)).flatMap(ofClaim);
    for (const value of new Set(values)) counts.set(value, (counts.get(value) || 0) + 1);
  }
  return counts;
}

function facetValues(facet) {
  const { of, ofClaim } = FACETS[facet];
  return [...new Set(of ? STATEMENTS.flatMap(of) : CLAIMS.flatMap(ofClaim))].sort((a, b) => a.localeCompare(b));
}

const filtered = () => Object.values(state.off).some((values) => values.size) || state.confidence > 0 ||
  Boolean(state.from || state.to) || !state.undated;

// The state as the address's fragment, and back: what is not as at the start is written, all else is left out.
function toFragment() {
  const written = new URLSearchParams();
  for (const [facet, values] of Object.entries(state.off)) for (const value of [...values].sort()) written.append(facet, value);
  const plain = fresh();
  for (const key of ["confidence", "from", "to", "by", "depth", "mode"])
    if (state[key] !== plain[key]) written.set(key, state[key]);
  if (!state.undated) written.set("undated", "no");
  if (state.focus !== null) written.set("focus", THINGS[state.focus].id);
  if (state.selected) {
    const { kind, number } = state.selected;
    written.set(kind, kind === "thing" ? THINGS[number].id : STATEMENTS[number].id);
  }
  return written.toString();
}

function fromFragment(fragment) {
  const written = new URLSearchParams(fragment);
  const next = fresh();
  for (const facet of Object.keys(FACETS)) next.off[facet] = new Set(written.getAll(facet));
  next.confidence = Math.min(1, Math.max(0, Number(written.get("confidence")) || 0));
  for (const key of ["from", "to"]) if (/^\d{4}-\d\d-\d\d$/.test(written.get(key) || "")) next[key] = written.get(key);
  if (written.get("by") === "report") next.by = "report";
  next.undated = written.get("undated") !== "no";
  next.depth = Math.min(5, Math.max(1, Math.trunc(Number(written.get("depth"))) || 1));
  if (["both", "table"].includes(written.get("mode"))) next.mode = written.get("mode");
  const thing = (id) => THINGS.findIndex((one) => one.id === id && one.x !== undefined);
  if (written.has("focus") && thing(written.get("focus")) >= 0) next.focus = thing(written.get("focus"));
  const statement = STATEMENTS.findIndex((one) => one.id === written.get("statement"));
  if (statement >= 0) next.selected = { kind: "statement", number: statement };
  else if (written.has("thing") && thing(written.get("thing")) >= 0)
    next.selected = { kind: "thing", number: thing(written.get("thing")) };
  return next;
}
