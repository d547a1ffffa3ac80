/** Prints the gzipped JavaScript that a logged-in agent's first screen loads, login library included. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const built = process.argv[2] ?? "dist";
const manifest = JSON.parse(readFileSync(`${built}/.vite/manifest.json`, "utf8"));

/** A module that others import goes into a file of its name, and is no entry any more. */
function shared(module) {
  const name = module.replace(/^.*\/|\.\w+$/g, "");
  return Object.values(manifest).find((one) => one.src === module || one.name === name);
}

function filesOf(...names) {
  const files = new Set();
  const visit = (name) => {
    const chunk = manifest[name] ?? shared(name);
    if (!chunk) throw new Error(`${name} is in no file of the build`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const name of names) visit(name);
  return files;
}

function gzipped(files) {
  let bytes = 0;
  for (const file of files) {
    if (file.endsWith(".js")) bytes += gzipSync(readFileSync(`${built}/${file}`)).length;
  }
  return bytes;
}

const desk = gzipped(filesOf("index.html", "src/lib/tokens.ts", "src/app/DeskPage.tsx"));
const login = gzipped(filesOf("index.html", "src/lib/tokens.ts", "src/features/auth/Login.tsx"));
console.log(
  JSON.stringify({
    first_screen_gzip_bytes: desk,
    login_screen_gzip_bytes: login,
    all_gzip_bytes: gzipped(new Set(Object.values(manifest).map((chunk) => chunk.file))),
  }),
);
