// The committed package, ready to use in Node, and what tests say about it.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as bodycopy from "../../pkg/bodycopy.js";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const PKG = join(ROOT, "pkg");
export const STALE = "pkg/ is stale: run `make wasm` and commit it";

bodycopy.initSync({ module: readFileSync(join(PKG, "bodycopy_bg.wasm")) });
export { bodycopy };

/** The seeds and, where there are any, the text cases; also the folder that BODYCOPY_PAGES names. */
export function pages() {
  const folders = [join(ROOT, "seeds"), join(ROOT, "tests/cases"), process.env.BODYCOPY_PAGES];
  return folders.filter((folder) => folder && existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith(".txt"))
      .map((name) => join(folder, name)),
  );
}

/** What the native library says of files: its lines of JSON. */
export function native(...options) {
  const command = ["run", "--release", "--quiet", "--example", "as_json", "--", ...options];
  const out = execFileSync("cargo", command, { cwd: ROOT, maxBuffer: 2 ** 30, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

/** A new folder with the package in node_modules, holding what npm would put there. */
export function installed(test) {
  const folder = mkdtempSync(join(tmpdir(), "bodycopy-"));
  test.after(() => rmSync(folder, { recursive: true }));
  const packed = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: PKG, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
  const to = join(folder, "node_modules/bodycopy");
  mkdirSync(to, { recursive: true });
  const [{ files }] = Array.isArray(packed) ? packed : Object.values(packed);
  for (const { path } of files) cpSync(join(PKG, path), join(to, path));
  return folder;
}

/** The block of the package's README that is marked as one of `js NAME`. */
export function readmeBlock(name) {
  const readme = readFileSync(join(PKG, "README.md"), "utf8");
  const block = new RegExp("^```js " + name + "\\n([\\s\\S]*?)^```", "m").exec(readme);
  if (!block) throw new Error(`pkg/README.md has no block for: ${name}`);
  return block[1];
}
