/** Compares the key that a subscription was made with to the server's. */

/** `bytes` as browsers give it, `key` in base64url without padding. */
export function keysAgree(bytes: ArrayBuffer | null, key: string): boolean {
  if (!bytes) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "") === key;
}
