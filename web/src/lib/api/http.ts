/** One request to a door: bearer token, one silent renewal, and errors as codes. */

import { calibrate } from "~/lib/clock";
import { ERROR_CODES, type ErrorCode } from "./types";

/** The server refused. `code` is known or null (a gateway's own words). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: ErrorCode | null,
    readonly body: Record<string, unknown>,
  ) {
    super(`${status} ${code ?? "no code"}`);
    this.name = "Refused";
  }

  /** True when the same request may succeed later without anyone changing anything. */
  get passing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408;
  }
}

/** No answer came: no network, or the server cannot be reached. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("the server could not be reached", { cause });
    this.name = "Unreachable";
  }
}

/** The login ended and could not be renewed. */
export class LoggedOut extends Error {
  constructor() {
    super("the login ended");
    this.name = "LoggedOut";
  }
}

export interface TokenSource {
  /** The id token; renewed when `renew` is true. Throws LoggedOut or Unreachable. */
  token(renew?: boolean): Promise<string>;
}

let source: TokenSource | null = null;
let ended: () => void = () => {};

/** Tells where tokens come from, and what to do when a login has ended. */
export function provideTokens(tokens: TokenSource, onEnded: () => void): void {
  source = tokens;
  ended = onEnded;
}

const TIMEOUT_MS = 20_000;

async function once(method: string, path: string, body: unknown, renew: boolean) {
  if (!source) throw new LoggedOut();
  const token = await source.token(renew);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const answer = await fetch(`/api${path}`, {
      method,
      signal: stop.signal,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text };
  } catch (error) {
    throw new Unreachable(error);
  } finally {
    clearTimeout(timer);
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function codeOf(body: Record<string, unknown>): ErrorCode | null {
  return ERROR_CODES.find((code) => code === body.code) ?? null;
}

/** Asks a door. Throws Refused, Unreachable or LoggedOut. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  try {
    let answer = await once(method, path, body, false);
    if (answer.status === 401) answer = await once(method, path, body, true);
    if (answer.status === 401) throw new LoggedOut();
    if (answer.status >= 200 && answer.status < 300) {
      try {
        return JSON.parse(answer.text) as T;
      } catch (error) {
        // A page of a proxy instead of an answer: the server itself was not reached.
        throw new Unreachable(error);
      }
    }
    const fields = parsed(answer.text);
    if (typeof fields.server_now === "string") calibrate(fields.server_now);
    throw new Refused(answer.status, codeOf(fields), fields);
  } catch (error) {
    if (error instanceof LoggedOut) ended();
    throw error;
  }
}
