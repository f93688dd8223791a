// What the committed package holds: all that it should, nothing of the machine
// that built it, within its budget.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { BUDGET, size } from "../../tools/size.mjs";
import { PKG, ROOT, STALE } from "./package.js";

// A drive counts with a folder after it: three bytes of data may look like one.
test("no path of a machine and no registry folder", () => {
  const strange = /\/(home|root|Users|work|tmp|var|usr|opt|github)\/|[A-Z]:\\[\w .-]+\\|\.cargo|index\.[a-z.-]+-[0-9a-f]{16}|registry\/src/;
  for (const name of readdirSync(PKG)) {
    const found = strange.exec(readFileSync(join(PKG, name), "latin1"));
    assert.equal(found?.[0], undefined, `pkg/${name} holds a path`);
  }
  assert.match("x/.cargo/registry/src/index.example.org-0123456789abcdef/y", strange);
  assert.match(`${homedir()}/x`, strange);
  assert.match("C:\\Users\\x", strange);
});

test("the manifest names what is there, and the crate's version", () => {
  const manifest = JSON.parse(readFileSync(join(PKG, "package.json"), "utf8"));
  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  const named = [manifest.main, manifest.types, ...targets(manifest.exports), ...manifest.files];
  for (const file of named.filter((file) => !file.includes("*"))) assert.ok(existsSync(join(PKG, file)), file);
  const version = /^version = "(.*)"/m.exec(readFileSync(join(ROOT, "Cargo.toml"), "utf8"))[1];
  assert.equal(manifest.version, version, STALE);
  assert.equal(manifest.name, "bodycopy");
  assert.equal(manifest.type, "module");
});

test("the declarations and the README are the sources'", () => {
  const declared = readFileSync(join(PKG, "bodycopy.d.ts"), "utf8").replace(/\s+/g, " ");
  assert.ok(declared.includes(readFileSync(join(ROOT, "src/wasm.d.ts"), "utf8").trim().replace(/\s+/g, " ")), STALE);
  assert.equal(readFileSync(join(PKG, "README.md"), "utf8"), readFileSync(join(ROOT, "tools/npm/README.md"), "utf8"), STALE);
});

test("the module is within its budget", () => {
  const { bytes, gzipped } = size();
  console.log(`bodycopy_bg.wasm: ${bytes} bytes, ${gzipped} gzipped, of ${BUDGET}`);
  assert.ok(gzipped <= BUDGET, `${gzipped} bytes gzipped; the budget is ${BUDGET}`);
});

test("the lock file names no address", () => {
  assert.equal(readFileSync(join(ROOT, "package-lock.json"), "utf8").includes('"resolved"'), false);
});
