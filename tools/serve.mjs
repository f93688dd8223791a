// Serves the demo on localhost, and nothing but the demo.
//
//   node tools/serve.mjs [--port N]

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDERS = ["www", "pkg", "seeds"];
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** What WASM needs over `'self'`, and nothing more; the page says the same. */
export const POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types bodycopy";

/** Serves on a port, 0 for any; gives the server and the demo's address. */
export async function serve(port = 0) {
  const server = createServer(async (request, response) => {
    const path = decoded(new URL(request.url, "http://localhost").pathname);
    if (path === "/" || path === "/www") return response.writeHead(302, { location: "/www/" }).end();
    const file = join(ROOT, normalize(path?.endsWith("/") ? `${path}index.html` : (path ?? "")));
    const allowed = FOLDERS.some((folder) => file.startsWith(join(ROOT, folder) + sep));
    const found = allowed && (await stat(file).catch(() => null));
    if (!found?.isFile()) return response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-length": found.size,
      "cache-control": "no-cache",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
    });
    if (request.method === "HEAD") return response.end();
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  return { server, address: `http://localhost:${server.address().port}/www/` };
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf("--port");
  const { address } = await serve(at > 0 ? Number(process.argv[at + 1]) : 8080).catch(() => serve(0));
  console.log(`The demo is at ${address} (Ctrl-C ends it)`);
}
