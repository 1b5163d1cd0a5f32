// Copies what the query page needs out of node_modules into the package, with the licence of everything that is bundled in it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const modules = join(here, "node_modules");
const vendor = join(here, "..", "kg", "serve", "static", "vendor");
const build = join(modules, "@zazuko", "yasgui", "build");

mkdirSync(vendor, { recursive: true });
const strip = (name) => writeFileSync(join(vendor, name), readFileSync(join(build, name), "utf8").replace(/^\/[/*]# sourceMappingURL=.*$/m, ""));
strip("yasgui.min.js");
copyFileSync(join(build, "yasgui.min.css"), join(vendor, "yasgui.min.css"));

const mit = (by) => `Copyright (c) ${by}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to
deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or
sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.`;

// The bundle's source map names every module that went into it.
const map = JSON.parse(readFileSync(join(build, "yasgui.min.js.map"), "utf8"));
const names = new Set(["@zazuko/yasgui"]);
for (const source of map.sources) {
  const found = source.split("node_modules/").at(-1).match(/^(@[^/]+\/[^/]+|[^/]+)\//);
  if (source.includes("node_modules/") && found) names.add(found[1]);
}
const parts = ["The files of this folder are a build of @zazuko/yasgui (https://github.com/rdfjs/Yasgui) with what it bundles. Licences:\n"];
for (const name of [...names].sort()) {
  const folder = join(modules, name);
  if (!existsSync(folder)) continue;
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const by = [about.author, ...(about.contributors ?? [])].map((one) => one?.name ?? one).filter(Boolean).join(", ") || "its authors";
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : about.license === "MIT" ? mit(by) : `${about.license}, by ${by}`;
  parts.push(`${"=".repeat(80)}\n${name} ${about.version} (${about.license})\n\n${text}\n`);
}
writeFileSync(join(vendor, "LICENSES.txt"), parts.join("\n"));
