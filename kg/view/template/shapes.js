// How types and standings look, on the canvas and in the legend alike.
"use strict";

// Outlines in a square from -1 to 1, as SVG paths.
const OUTLINES = {
  State: "M1 0A1 1 0 1 1 -1 0A1 1 0 1 1 1 0Z",
  Organization: "M-.65 -.85H.65A.2 .2 0 0 1 .85 -.65V.65A.2 .2 0 0 1 .65 .85H-.65A.2 .2 0 0 1 -.85 .65V-.65A.2 .2 0 0 1 -.65 -.85Z",
  ArmedForce: "M0 -1L.9 -.62V.1C.9 .6 .45 .88 0 1C-.45 .88 -.9 .6 -.9 .1V-.62Z",
  ArmedGroup: "M0 .95L-.98 -.75H.98Z",
  Person: "M0 -1A.46 .46 0 1 1 0 -.08A.46 .46 0 1 1 0 -1ZM-.82 .95A.82 .82 0 0 1 .82 .95Z",
  Group: "M.5 -.87L1 0L.5 .87H-.5L-1 0L-.5 -.87Z",
  Place: "M0 1C-.5 .35 -.78 0 -.78 -.3A.78 .7 0 0 1 .78 -.3C.78 0 .5 .35 0 1Z",
  Agreement: "M-.72 -.95H.3L.72 -.53V.95H-.72Z",
  Proposal: "M-.72 -.95H.72V.95L.36 .7L0 .95L-.36 .7L-.72 .95Z",
  Office: "M0 -.95L.95 -.35V-.1H-.95V-.35ZM-.75 0H.75V.9H-.75Z",
  Thing: "M0 -.95L.95 0L0 .95L-.95 0Z",
};

const DASHES = {
  reported: [], attributed: [9, 4], contested: [], planned: [2, 5], demanded: [12, 4, 2, 4], possible: [5, 6],
  hypothetical: [1, 8], denied: [3, 3], unsure: [1, 4],
};
const ARROWS = { reported: "arrow", attributed: "arrow", contested: "arrow", denied: "bar" };

const FAMILY_VARIABLES = {
  "material cooperation": "--deed-with", "verbal cooperation": "--word-with", "verbal conflict": "--word-against",
  "material conflict": "--deed-against", "lasting state": "--state",
};
const typeVariable = (type) => `--type-${type.toLowerCase()}`;

// The colours of the theme in force, by the names of the style sheet's variables.
function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (variable) => style.getPropertyValue(variable).trim();
  const colours = {};
  for (const variable of ["--canvas", "--surface", "--ink", "--muted", "--line", "--accent", "--on-type",
    ...Object.values(FAMILY_VARIABLES), ...Object.keys(OUTLINES).map(typeVariable)]) colours[variable] = read(variable);
  return colours;
}

// For the legend, panel and table: a type's shape; a line as a standing draws it, with its mark.
function typeIcon(type) {
  const path = svg("path", { d: OUTLINES[type] || OUTLINES.Thing, class: `type-${type.toLowerCase()}` });
  return svg("svg", { viewBox: "-1.1 -1.1 2.2 2.2", class: "icon", "aria-hidden": "true" }, path);
}

function standingIcon(standing) {
  const parts = [];
  if (standing === "contested")
    parts.push(svg("line", { x1: 1, y1: 8, x2: 43, y2: 8, class: "halo" }));
  parts.push(svg("line", { x1: 1, y1: 8, x2: 43, y2: 8, "stroke-dasharray": DASHES[standing].join(" "), class: "stroke" }));
  if (STANDINGS[standing].mark) {
    parts.push(svg("circle", { cx: 22, cy: 8, r: 7, class: "badge" }));
    const mark = svg("text", { x: 22, y: standing === "attributed" ? 15.5 : 11.6, class: `mark mark-${standing}` });
    mark.textContent = STANDINGS[standing].mark;
    parts.push(mark);
  }
  return svg("svg", { viewBox: "0 0 44 16", class: "sample", "aria-hidden": "true" }, ...parts);
}

const badge = (standing) =>
  el("span", { class: `standing standing-${standing}`, title: STANDINGS[standing].means },
    STANDINGS[standing].mark && el("i", { "aria-hidden": "true" }, STANDINGS[standing].mark), STANDINGS[standing].label);
