// The drawing: vis-network lays out lines and finds what is under the pointer; things, marks and names are drawn here,
// for vis-network would let names run into each other.
"use strict";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const LABELS_AT_MOST = 400;
const FADING_AT_MOST = 3000; // statements: beyond, fading what the pointer does not touch would be slow

const Canvas = (() => {
  const nodes = new vis.DataSet(DATA.nodes.map((node) => ({ ...node, label: undefined })));
  const edges = new vis.DataSet([]);
  const paths = Object.fromEntries(Object.entries(OUTLINES).map(([type, d]) => [type, new Path2D(d)]));
  const widths = new Map();
  let colours = palette();
  let view = { statements: new Set(), things: new Set() };
  let near = null; // what stays bright while something is selected or pointed at: things and statements
  let pointed = null;
  let network = null;
  let nodesView = null;
  let edgesView = null;

  const thingOf = (id) => (id < THINGS.length && THINGS[id].x !== undefined ? THINGS[id] : null);
  const unnamed = new Map(DATA.nodes.filter((node) => node.statement !== undefined).map((node) => [node.id, node.statement]));
  const radius = (thing) => (thing.type === "State" ? 13 : 9) + 3.2 * Math.log2(1 + thing.weight / 2);
  // Its radius in screen pixels: however far out one zooms, it can still be seen and hit.
  const onPage = (thing, scale) => Math.max(radius(thing) * scale, 3 + 0.8 * Math.log2(1 + thing.weight));
  const order = THINGS.map((_, number) => number).filter((number) => thingOf(number))
    .sort((a, b) => THINGS[b].weight - THINGS[a].weight);
  const edgeOrder = STATEMENTS.map((_, number) => number)
    .sort((a, b) => claimsOf(STATEMENTS[b]).length - claimsOf(STATEMENTS[a]).length);

  // Statements between the same two things fan out, each on an arc of its own.
  function arcs() {
    const between = new Map();
    for (const { id, from, to } of DATA.edges) {
      const key = from < to ? `${from} ${to}` : `${to} ${from}`;
      between.set(key, (between.get(key) || []).concat({ id, turned: from > to }));
    }
    const found = new Map();
    for (const group of between.values()) {
      const step = Math.min(0.16, 0.9 / group.length);
      group.forEach(({ id, turned }, index) => {
        const bend = (index - (group.length - 1) / 2) * step * (turned ? -1 : 1);
        found.set(id, bend === 0 ? { enabled: false }
          : { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) });
      });
    }
    return found;
  }

  function edgeStyle({ id, from, to }, smooth) {
    const statement = STATEMENTS[id];
    const colour = colours[FAMILY_VARIABLES[family(statement)]];
    const arrow = ARROWS[statement.standing] || "vee";
    const pointless = RELATIONS[statement.relation].symmetric && arrow !== "bar";
    return {
      id, from, to, smooth,
      color: { color: colour, highlight: colour, hover: colour, inherit: false },
      width: Math.min(4, 1.1 + 0.55 * Math.log2(claimsOf(statement).length)),
      dashes: DASHES[statement.standing].length ? DASHES[statement.standing] : false,
      background: { enabled: statement.standing === "contested", color: colour + "40", size: 9, dashes: false },
      arrows: { to: { enabled: !pointless, type: arrow, scaleFactor: arrow === "bar" ? 0.7 : 0.5 } },
    };
  }

  function recolour() {
    colours = palette();
    const bends = arcs();
    edges.update(DATA.edges.map((edge) => edgeStyle(edge, bends.get(edge.id))));
    if (network) redraw();
  }

  // Once a frame at most, however often it is asked for.
  const redraw = () => network.body.emitter.emit("_requestRedraw");

  const faded = (kind, number) => near !== null && !near[kind].has(number);

  // vis-network draws a line with no say over its strength; fading by new colours would rebuild every line.
  function fadeLines() {
    const line = Object.values(network.body.edges)[0];
    if (!line) return;
    const prototype = Object.getPrototypeOf(line);
    let kind = Object.getPrototypeOf(line.edgeType);
    while (!Object.hasOwn(kind, "getLineWidth")) kind = Object.getPrototypeOf(kind);
    const width = kind.getLineWidth;
    kind.getLineWidth = function () { return Math.max(width.apply(this, arguments), 0.9 / network.getScale()); };
    for (const method of ["draw", "drawArrows"]) {
      const plain = prototype[method];
      prototype[method] = function (context) {
        context.globalAlpha = faded("statements", this.id) ? 0.08 : STATEMENTS[this.id].standing === "unsure" ? 0.55 : 1;
        plain.apply(this, arguments);
        context.globalAlpha = 1;
      };
    }
  }

  function drawThing({ ctx: context, id, x, y, state: { selected, hover } }) {
    const thing = thingOf(id);
    const scale = network ? network.getScale() : 1;
    const size = thing ? onPage(thing, scale) / scale : Math.max(4, 2 / scale);
    const draw = () => {
      context.save();
      context.globalAlpha = faded("things", id) && !(unnamed.has(id) && !faded("statements", unnamed.get(id))) ? 0.16 : 1;
      context.translate(x, y);
      if (!thing) {
        context.beginPath();
        context.arc(0, 0, size, 0, 2 * Math.PI);
        context.fillStyle = colours["--canvas"];
        context.fill();
        context.lineWidth = 1.5;
        context.strokeStyle = colours["--muted"];
        context.stroke();
      } else {
        if (selected || hover) {
          context.beginPath();
          context.arc(0, 0, size * 1.32 + 3, 0, 2 * Math.PI);
          context.fillStyle = colours["--accent"] + (selected ? "55" : "2e");
          context.fill();
        }
        context.scale(size, size);
        const path = paths[thing.type] || paths.Thing;
        context.fillStyle = colours[typeVariable(thing.type)] || colours["--muted"];
        context.lineWidth = 3.5 / size;
        context.strokeStyle = colours["--canvas"];
        context.stroke(path);
        context.fill(path);
        context.scale(1 / size, 1 / size);
        if (thing.type === "State" && thing.country && size * scale > 9) {
          context.font = `600 ${size * 0.68}px ${FONT}`;
          context.textAlign = "center";
          context.textBaseline = "middle";
          context.fillStyle = colours["--on-type"];
          context.fillText(thing.country, 0, size * 0.05);
        }
      }
      context.restore();
    };
    return { drawNode: draw, nodeDimensions: { width: size * 2.1, height: size * 2.1 } };
  }

  function textWidth(context, text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      context.font = font;
      widths.set(key, context.measureText(text).width);
    }
    return widths.get(key);
  }

  const short = (text, most = 34) => ([...text].length > most ? [...text].slice(0, most - 1).join("").trimEnd() + "…" : text);

  // Names and marks, in screen pixels whatever the zoom, the weightiest first, each only where nothing stands yet.
  function drawNames(context) {
    const scale = network.getScale();
    const { width, height } = network.canvas.frame.canvas;
    const ratio = network.canvas.pixelRatio || 1;
    const right = width / ratio;
    const bottom = height / ratio;
    const taken = new Map();
    const cells = (box) => {
      const keys = [];
      for (let x = Math.floor(box.x / 64); x <= (box.x + box.w) / 64; x++)
        for (let y = Math.floor(box.y / 32); y <= (box.y + box.h) / 32; y++) keys.push(`${x} ${y}`);
      return keys;
    };
    const meets = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
    const free = (box) => cells(box).every((key) => !(taken.get(key) || []).some((other) => meets(box, other)));
    const take = (box) => cells(box).forEach((key) => taken.set(key, (taken.get(key) || []).concat(box)));
    const onScreen = (point, margin) =>
      point.x > -margin && point.x < right + margin && point.y > -margin && point.y < bottom + margin;

    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.lineJoin = "round";
    context.textAlign = "center";
    context.textBaseline = "middle";

    const placed = [];
    for (const number of order) {
      const body = view.things.has(number) && !faded("things", number) && network.body.nodes[number];
      if (!body) continue;
      const point = network.canvasToDOM({ x: body.x, y: body.y });
      const size = onPage(THINGS[number], scale);
      if (onScreen(point, 80)) placed.push({ number, point, size });
    }
    // The weightiest may cover smaller things with their names; the others' names keep clear of everything.
    const disc = ({ point, size }) => ({ x: point.x - size, y: point.y - size, w: size * 2, h: size * 2 });
    const MAIN = near ? placed.length : 14;
    placed.slice(0, MAIN).forEach((item) => take(disc(item)));
    let left = LABELS_AT_MOST;
    const names = [];
    placed.forEach((item, place) => {
      if (place === MAIN) placed.slice(MAIN).forEach((other) => take(disc(other)));
      if (left <= 0) return;
      const { number, point, size } = item;
      const thing = THINGS[number];
      const big = thing.type === "State" || place < MAIN;
      const font = `${big ? 600 : 500} ${big ? 13 : 12}px ${FONT}`;
      const text = short(thing.label);
      const code = thing.country && thing.type !== "State" ? thing.country : "";
      const codeFont = `500 10px ${FONT}`;
      const gap = code ? 5 : 0;
      const wide = textWidth(context, text, font);
      const w = wide + gap + (code ? textWidth(context, code, codeFont) : 0) + 6;
      const box = [
        { x: point.x - w / 2, y: point.y + size + 2 }, { x: point.x - w / 2, y: point.y - size - 19 },
        { x: point.x + size + 2, y: point.y - 8.5 }, { x: point.x - size - 2 - w, y: point.y - 8.5 },
      ].map((corner) => ({ ...corner, w, h: 17 })).find((one) => one.x > 2 && one.x + w < right - 2 && one.y > 2 && one.y + 17 < bottom - 2 && free(one));
      if (!box) return;
      take(box);
      left--;
      names.push(() => {
        context.font = font;
        context.textAlign = "left";
        context.lineWidth = 4;
        context.strokeStyle = colours["--canvas"];
        context.fillStyle = colours["--ink"];
        context.strokeText(text, box.x + 3, box.y + 9);
        context.fillText(text, box.x + 3, box.y + 9);
        if (!code) return;
        context.font = codeFont;
        context.fillStyle = colours["--muted"];
        context.strokeText(code, box.x + 3 + wide + gap, box.y + 9.5);
        context.fillText(code, box.x + 3 + wide + gap, box.y + 9.5);
      });
    });

    const strong = (number) => (near && near.statements.has(number) ? 1 : 0);
    const lines = edgeOrder.filter((number) => view.statements.has(number) && !faded("statements", number));
    if (near) lines.sort((a, b) => strong(b) - strong(a));
    for (const number of lines) {
      if (left <= 0) break;
      const edge = network.body.edges[number];
      if (!edge || !edge.connected) continue;
      const ends = [edge.from, edge.to].map((node) => network.canvasToDOM({ x: node.x, y: node.y }));
      const long = Math.hypot(ends[0].x - ends[1].x, ends[0].y - ends[1].y);
      if (long < (near ? 46 : 90)) continue;
      const statement = STATEMENTS[number];
      const { mark } = STANDINGS[statement.standing];
      const wide = textWidth(context, RELATIONS[statement.relation].label, `500 11px ${FONT}`);
      const colour = colours[FAMILY_VARIABLES[family(statement)]];
      for (const position of [0.5, 0.38, 0.62]) {
        const middle = edge.edgeType.getPoint(position);
        const point = network.canvasToDOM(middle);
        if (!onScreen(point, 0)) continue;
        const side = mark ? 18 : 0;
        const whole = { x: point.x - (wide + side) / 2 - 3, y: point.y - 9, w: wide + side + 6, h: 18 };
        const spacious = long > (wide + side) * 1.15 + 30;
        const fits = spacious && free(whole);
        const small = { x: point.x - 8, y: point.y - 8, w: 16, h: 16 };
        if (!fits && !(mark && (near || scale > 0.3) && free(small))) continue;
        take(fits ? whole : small);
        left--;
        const markAt = fits ? whole.x + 3 + 7 : point.x;
        names.push(() => {
          if (fits) {
            context.lineWidth = 4;
            context.strokeStyle = colours["--canvas"];
            context.font = `500 11px ${FONT}`;
            context.textAlign = "left";
            context.fillStyle = colours["--ink"];
            context.strokeText(RELATIONS[statement.relation].label, whole.x + 3 + side, point.y + 0.5);
            context.fillText(RELATIONS[statement.relation].label, whole.x + 3 + side, point.y + 0.5);
          }
          if (mark) drawMark(context, mark, statement.standing, markAt, point.y, colour);
        });
        break;
      }
    }
    names.reverse().forEach((draw) => draw());
    context.restore();
  }

  function drawMark(context, mark, standing, x, y, colour) {
    context.beginPath();
    context.arc(x, y, 7.5, 0, 2 * Math.PI);
    context.fillStyle = colours["--canvas"];
    context.fill();
    context.lineWidth = 1.3;
    context.strokeStyle = colour;
    context.stroke();
    context.textAlign = "center";
    context.fillStyle = colours["--ink"];
    context.font = `700 ${standing === "hypothetical" ? 9 : standing === "attributed" ? 15 : 11}px ${FONT}`;
    context.fillText(mark, x, y + (standing === "attributed" ? 4.5 : 0.5));
  }

  // What to keep bright: a thing with its neighbours, or a statement with its two ends.
  function around(kind, number) {
    const statements = new Set(kind === "thing" ? statementsOf[number].filter((one) => view.statements.has(one)) : [number]);
    const things = new Set(kind === "thing" ? [number] : []);
    for (const one of statements) {
      things.add(STATEMENTS[one].subject);
      if (STATEMENTS[one].object !== null) things.add(STATEMENTS[one].object);
    }
    return { things, statements };
  }

  function highlight() {
    const chosen = state.selected && (state.selected.kind === "thing" ? view.things : view.statements).has(state.selected.number)
      ? state.selected : null;
    const what = chosen || (view.statements.size < FADING_AT_MOST ? pointed : null);
    near = what ? around(what.kind, what.number) : null;
    if (!network) return;
    network.unselectAll();
    if (chosen && chosen.kind === "thing") network.selectNodes([chosen.number], false);
    if (chosen && chosen.kind === "statement") network.selectEdges([chosen.number]);
    redraw();
  }

  function show(next) {
    view = next;
    nodesView.refresh();
    edgesView.refresh();
  }

  function start({ onSelect, onPoint }) {
    recolour();
    nodes.update(DATA.nodes.map(({ id }) => ({ id, shape: "custom", ctxRenderer: drawThing })));
    const isShown = (node) => (unnamed.has(node.id) ? view.statements.has(unnamed.get(node.id)) : view.things.has(node.id));
    nodesView = new vis.DataView(nodes, { filter: isShown });
    edgesView = new vis.DataView(edges, { filter: (edge) => view.statements.has(edge.id) });
    network = new vis.Network(byId("network"), { nodes: nodesView, edges: edgesView }, DATA.options);
    const canvas = network.canvas.frame.canvas;
    canvas.setAttribute("aria-hidden", "true");
    edgesView.on("add", fadeOnce);
    network.on("afterDrawing", drawNames);
    network.on("click", ({ nodes: [node], edges: [edge] }) => {
      if (node !== undefined) onSelect(unnamed.has(node) ? { kind: "statement", number: unnamed.get(node) } : { kind: "thing", number: node });
      else onSelect(edge !== undefined ? { kind: "statement", number: edge } : null);
    });
    const point = (what, event) => {
      pointed = what;
      canvas.style.cursor = what ? "pointer" : "grab";
      highlight();
      onPoint(what, event);
    };
    network.on("hoverNode", ({ node, pointer }) =>
      point(unnamed.has(node) ? { kind: "statement", number: unnamed.get(node) } : { kind: "thing", number: node }, pointer.DOM));
    network.on("hoverEdge", ({ edge, pointer }) => point({ kind: "statement", number: edge }, pointer.DOM));
    network.on("blurNode", () => point(null));
    network.on("blurEdge", () => point(null));
    network.on("dragStart", () => onPoint(null));
    network.on("zoom", () => onPoint(null));
  }

  let fading = false;
  function fadeOnce() {
    if (fading || !network || !Object.keys(network.body.edges).length) return;
    fading = true;
    fadeLines();
  }

  const calm = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const motion = () => (calm() ? { duration: 350, easingFunction: "easeInOutQuad" } : false);

  function fit(moving = true) {
    const ids = nodesView.getIds();
    if (ids.length) network.fit({ nodes: ids, animation: moving ? motion() : false, maxZoomLevel: 1.2 });
  }

  function goTo({ kind, number }) {
    const shownEnds = [...around(kind, number).things].filter((end) => view.things.has(end));
    if (shownEnds.length > 1) network.fit({ nodes: shownEnds, animation: motion(), maxZoomLevel: 1.1 });
    else if (shownEnds.length) network.focus(shownEnds[0], { scale: Math.max(0.8, network.getScale()), animation: motion() });
  }

  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor, animation: motion() });

  // The canvas as it is, on the theme's ground, as a PNG.
  function picture(done) {
    const canvas = network.canvas.frame.canvas;
    const copy = el("canvas", { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d");
    context.fillStyle = colours["--canvas"];
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
    copy.toBlob(done, "image/png");
  }

  // Where something is drawn, in pixels of the drawing: the middle of a thing, or of a statement's line.
  function whereabouts({ kind, number }) {
    if (kind === "thing") return network.canvasToDOM(network.getPosition(number));
    return network.canvasToDOM(network.body.edges[number].edgeType.getPoint(0.5));
  }

  return { start, show, highlight, recolour, fit, goTo, zoom, picture, whereabouts };
})();
