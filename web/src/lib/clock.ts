/** The server's clock as this browser knows it: keys and sessions are told by it, not by the PC's. */

let offset = 0;
let lastKeyAt = 0;

/** Learns the server's time from an answer (an ISO instant). */
export function calibrate(serverNow: string): void {
  const at = Date.parse(serverNow);
  if (Number.isFinite(at)) offset = at - Date.now();
}

/** Milliseconds since 1970 by the server's clock. */
export function serverNow(): number {
  return Date.now() + offset;
}

/** A new client key (SEND-12): 13-digit server ms and 16 random hex digits, in strictly rising order. */
export function newClientKey(): string {
  lastKeyAt = Math.max(lastKeyAt + 1, serverNow());
  const random = crypto.getRandomValues(new Uint8Array(8));
  const hex = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${String(lastKeyAt).padStart(13, "0")}-${hex}`;
}

/** Forgets a clock that ran ahead, so that new keys are not held in the future. */
export function forgetLastKey(): void {
  lastKeyAt = 0;
}
