// Building the page's elements. Text goes in as text only: nothing here or elsewhere parses markup.
"use strict";

const byId = (id) => document.getElementById(id);

function el(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// A name out of an article: isolated, so that a right-to-left name or a stray direction mark turns nothing around it.
const name = (text) => el("bdi", {}, text);

const plural = (count, one, many = one + "s") => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dayText(iso) {
  const [year, month, day] = iso.split("-");
  return [day && String(Number(day)), month && MONTHS[Number(month) - 1], year].filter(Boolean).join(" ");
}

// A stretch of days as people write it; whole months and years by their names.
function daysText(first, last) {
  if (!first && !last) return "";
  if (!first) return `until ${dayText(last)}`;
  if (!last) return `from ${dayText(first)}`;
  if (first === last) return dayText(first);
  if (first.endsWith("-01-01") && last.endsWith("-12-31"))
    return first.slice(0, 4) === last.slice(0, 4) ? first.slice(0, 4) : `${first.slice(0, 4)} to ${last.slice(0, 4)}`;
  const ends = new Date(Date.UTC(Number(last.slice(0, 4)), Number(last.slice(5, 7)), 0)).getUTCDate();
  if (first.slice(0, 7) === last.slice(0, 7) && first.endsWith("-01") && Number(last.slice(8)) === ends)
    return dayText(first.slice(0, 7));
  return `${dayText(first)} to ${dayText(last)}`;
}

function save(blob, fileName) {
  const url = URL.createObjectURL(blob);
  const link = el("a", { href: url, download: fileName });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
