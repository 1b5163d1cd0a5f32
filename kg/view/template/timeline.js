// The timeline: one bar for each day, month or year that has statements, and a slider with two ends over them.
// Empty stretches take no room, so that one treaty of 1961 does not squeeze this year's news into a line.
"use strict";

const Timeline = (() => {
  const MOST_BARS = 90;
  let changed = () => {};
  let slots = [];
  let parts = {};
  let built = "";

  function dates() {
    const found = new Set();
    for (const statement of STATEMENTS) for (const number of claimsOf(statement)) {
      const [first] = claimDays(CLAIMS[number], statement);
      if (first) found.add(first);
    }
    return [...found].sort();
  }

  // Days where all falls within a season; else months, or years where there are too many months for a bar each.
  function divide(days) {
    if (!days.length) return [];
    const span = (Date.parse(days.at(-1)) - Date.parse(days[0])) / 86400000;
    const cut = (length) => [...new Set(days.map((day) => day.slice(0, length)))];
    if (span <= MOST_BARS) return cut(10);
    return cut(7).length <= MOST_BARS ? cut(7) : cut(4);
  }

  const firstDay = (slot) => (slot + "-01-01").slice(0, 10);
  function lastDay(slot) {
    if (slot.length === 10) return slot;
    if (slot.length === 4) return `${slot}-12-31`;
    return `${slot}-${new Date(Date.UTC(Number(slot.slice(0, 4)), Number(slot.slice(5)), 0)).getUTCDate()}`;
  }

  function build() {
    slots = divide(dates());
    built = state.by;
    const end = (label) => el("input", { type: "range", min: 0, max: Math.max(0, slots.length - 1), step: 1, "aria-label": label, oninput: slide });
    parts = { from: end("From"), to: end("Until"), bars: slots.map((slot) => el("i", { title: dayText(slot) })), range: el("output", {}), undated: el("span", {}) };
    const by = el("select", { "aria-label": "Which date counts", onchange: () => { state.by = by.value; state.from = state.to = ""; changed(); } },
      el("option", { value: "act", selected: state.by === "act" }, "by date of the act"),
      el("option", { value: "report", selected: state.by === "report" }, "by date of publication"));
    // The ends of the slider stand under the middle of the first and the last bar.
    for (const input of [parts.from, parts.to]) {
      input.style.left = `calc(8px + (100% - 16px) / ${2 * slots.length} - 7.5px)`;
      input.style.width = `calc((100% - 16px) * ${(slots.length - 1) / slots.length} + 15px)`;
    }
    parts.box = el("input", { type: "checkbox", onchange: () => { state.undated = parts.box.checked; changed(); } });
    byId("timeline").replaceChildren(
      el("div", { class: "timeline-head" }, parts.range, by, el("label", {}, parts.box, parts.undated)),
      slots.length > 1
        ? el("div", { class: "track" }, el("div", { class: "bars", "aria-hidden": "true" }, parts.bars), parts.from, parts.to)
        : el("p", { class: "hint" }, slots.length ? "All that is dated falls on one day." : "Nothing here is dated."));
  }

  function slide(event) {
    let low = Number(parts.from.value);
    let high = Number(parts.to.value);
    if (low > high) {
      if (event.target === parts.from) parts.from.value = low = high;
      else parts.to.value = high = low;
    }
    state.from = low === 0 ? "" : firstDay(slots[low]);
    state.to = high === slots.length - 1 ? "" : lastDay(slots[high]);
    changed();
  }

  function counts(view) {
    const found = new Map();
    let undated = 0;
    for (const statement of STATEMENTS) {
      if (!inside(statement, view.near) || !passes(statement, "time")) continue;
      const in_ = new Set();
      for (const number of claimsOf(statement)) {
        if (!claimPasses(CLAIMS[number], statement, "time")) continue;
        const [first] = claimDays(CLAIMS[number], statement);
        in_.add(first ? first.slice(0, slots.length ? slots[0].length : 10) : "");
      }
      for (const slot of in_) slot ? found.set(slot, (found.get(slot) || 0) + 1) : undated++;
    }
    return { found, undated };
  }

  function show(view) {
    if (built !== state.by) build();
    const { found, undated } = counts(view);
    const most = Math.max(1, ...found.values());
    const low = state.from ? Math.max(0, slots.findIndex((slot) => lastDay(slot) >= state.from)) : 0;
    const after = state.to ? slots.findIndex((slot) => firstDay(slot) > state.to) : -1;
    const high = after < 0 ? slots.length - 1 : Math.max(low, after - 1);
    parts.from.value = low;
    parts.to.value = high;
    parts.from.setAttribute("aria-valuetext", slots.length ? dayText(slots[low]) : "");
    parts.to.setAttribute("aria-valuetext", slots.length ? dayText(slots[high]) : "");
    parts.bars.forEach((bar, index) => {
      const count = found.get(slots[index]) || 0;
      bar.style.height = `${count ? Math.max(8, Math.sqrt(count / most) * 100) : 0}%`;
      bar.className = index >= low && index <= high ? "on" : "";
      bar.title = `${dayText(slots[index])}: ${plural(count, "statement")}`;
    });
    parts.range.textContent = !slots.length ? "" : low === high ? dayText(slots[low]) : `${dayText(slots[low])} to ${dayText(slots[high])}`;
    parts.box.checked = state.undated;
    parts.undated.textContent = `undated (${undated})`;
  }

  return { show, start: (onChange) => { changed = onChange; } };
})();
