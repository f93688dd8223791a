// The page allows no script address made from a string, except through here.

const policy = globalThis.trustedTypes?.createPolicy("bodycopy", {
  createScriptURL(address) {
    if (new URL(address).origin !== location.origin) throw new TypeError(`not of this site: ${address}`);
    return address;
  },
});

/** An address of one of this site's own scripts. */
export function scriptAddress(url) {
  return policy ? policy.createScriptURL(url.href) : url;
}
