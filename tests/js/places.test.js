// The package works where its README says, as the README says it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { launch } from "./chromium.js";
import { bodycopy, installed, PKG, readmeBlock, ROOT } from "./package.js";

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A folder served on localhost. */
async function served(test, folder) {
  const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
  const server = createServer((request, response) => {
    try {
      const file = join(folder, request.url === "/" ? "index.html" : request.url);
      response.writeHead(200, { "content-type": types[extname(file)] ?? "text/plain" }).end(readFileSync(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}/`;
}

async function opened(address) {
  const page = await browser.newPage();
  const logged = page.waitForEvent("console", { timeout: 20_000 });
  page.on("pageerror", (error) => assert.fail(error));
  await page.goto(address);
  const message = await logged;
  assert.equal(message.type(), "log", message.text());
  const value = await message.args()[0].jsonValue();
  await page.close();
  return value;
}

const expected = bodycopy.clean("Home\nShare\nTweet").spans;

test("in Node", (t) => {
  const folder = installed(t);
  writeFileSync(join(folder, "sample.mjs"), readmeBlock("node").replace(/console\.log\((.*)\)/, "console.log(JSON.stringify($1))"));
  const out = execFileSync(process.execPath, ["sample.mjs"], { cwd: folder, encoding: "utf8" });
  assert.deepEqual(JSON.parse(out), expected);
});

test("in a browser page", async (t) => {
  const folder = installed(t);
  cpSync(PKG, join(folder, "pkg"), { recursive: true });
  writeFileSync(join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>');
  writeFileSync(join(folder, "page.js"), `${readmeBlock("browser")}\nconsole.log({ text, headline, spans });`);
  const { text, ...rest } = bodycopy.clean("Home\nShare\nTweet");
  assert.deepEqual(await opened(await served(t, folder)), { text, headline: rest.headline, spans: rest.spans });
});

test("in a Web Worker", async (t) => {
  const folder = installed(t);
  cpSync(PKG, join(folder, "pkg"), { recursive: true });
  writeFileSync(join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>');
  writeFileSync(join(folder, "worker.js"), readmeBlock("worker"));
  const page = `const worker = new Worker("worker.js", { type: "module" });
    worker.onmessage = ({ data }) => console.log(data.spans);
    worker.postMessage("Home\\nShare\\nTweet");`;
  writeFileSync(join(folder, "page.js"), page);
  assert.deepEqual(await opened(await served(t, folder)), bodycopy.clean("Home\nShare\nTweet", { favor: "recall" }).spans);
});

test("with a bundler", async (t) => {
  const folder = installed(t);
  writeFileSync(join(folder, "entry.js"), readmeBlock("bundler"));
  await build({
    entryPoints: [join(folder, "entry.js")],
    bundle: true,
    format: "esm",
    outdir: join(folder, "dist"),
    loader: { ".wasm": "file" },
    logLevel: "error",
  });
  writeFileSync(join(folder, "dist/index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="entry.js"></script>');
  assert.deepEqual(await opened(await served(t, join(folder, "dist"))), expected);
});

test("with TypeScript, strictly", (t) => {
  const folder = installed(t);
  cpSync(join(ROOT, "tests/js/sample.mts"), join(folder, "sample.mts"));
  const compile = ["--strict", "--noEmit", "--target", "es2022", "--lib", "es2022,dom,esnext.disposable", "--module", "nodenext", "sample.mts"];
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  try {
    execFileSync(process.execPath, [compiler, ...compile], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test("the options that the README shows are options", () => {
  new Function("Cleaner", "page", readmeBlock("options"))(bodycopy.Cleaner, "Sponsored by a bank\nHome");
});
