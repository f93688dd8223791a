// A link that carries the text: deflated, in base64url, in the address's fragment,
// which no browser sends to a server.

/** Longest link that every mail program and chat leaves whole. */
export const LONGEST_LINK = 8000;

/** The address of this page with a text in it, or null when that is too long. */
export async function linkTo(text, { favor, keep }) {
  if (text.length > 100 * LONGEST_LINK) return null;
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  if (bytes.length > LONGEST_LINK) return null;
  const packed = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const fragment = new URLSearchParams({ text: packed, favor, keep: [...keep].join(" ") });
  const link = `${location.origin}${location.pathname}#${fragment}`;
  return link.length > LONGEST_LINK ? null : link;
}

/** What a fragment carries, or null. */
export async function readLink(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const packed = fields.get("text");
  if (!packed) return null;
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const text = new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
    return { text, favor: fields.get("favor"), keep: fields.get("keep")?.split(" ") ?? [] };
  } catch {
    return null;
  }
}

async function through(transform, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());
}
