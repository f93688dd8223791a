// Prints the size of the WASM module and fails when it is over its budget.
//
//   node tools/size.mjs [module]
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Most bytes that the module may have, gzipped as servers do it. */
export const BUDGET = 350 * 1024;

export function size(module = new URL("../pkg/bodycopy_bg.wasm", import.meta.url)) {
  const bytes = readFileSync(module);
  return { bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { bytes, gzipped } = size(process.argv[2]);
  const kib = (n) => `${(n / 1024).toFixed(1)} KiB`;
  console.log(`bodycopy_bg.wasm: ${kib(bytes)}, gzipped ${kib(gzipped)} of ${kib(BUDGET)}`);
  if (gzipped > BUDGET) process.exit(1);
}
