/** What a typed text is: internal or not, how long, and which of its variables lack a value. */

import type { ChannelRules, Message, Quote, Variable } from "~/lib/api/types";
import { countCharacters, LONGEST_TEXT } from "~/lib/text";

const PREFIX = /^\/interna[ \n]/;
const VARIABLE = /\{([a-z0-9_]+)\}/g;

/** True when the text itself says that it is internal (SEND-7). */
export function saysInternal(text: string): boolean {
  return PREFIX.test(text);
}

/** The text without the word that makes it internal. */
export function withoutPrefix(text: string): string {
  return text.replace(PREFIX, "");
}

/** The variables of a text, each once (INFO-9). */
export function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map((found) => found[1] ?? ""))];
}

export type Lack = "unknown" | "empty" | "hidden";

/** Which variables of a text cannot be filled, and why (SEND-3). */
export function lacking(
  text: string,
  known: readonly Variable[],
): { name: string; reason: Lack }[] {
  const by = new Map(known.map((one) => [one.name, one]));
  return variablesOf(text).flatMap((name) => {
    const one = by.get(name);
    const reason: Lack | null = !one
      ? "unknown"
      : one.hidden
        ? "hidden"
        : one.value
          ? null
          : "empty";
    return reason ? [{ name, reason }] : [];
  });
}

/** The text with its variables' values, as far as they are known; pictures leave it. */
export function filledIn(text: string, known: readonly Variable[]): string {
  const by = new Map(known.map((one) => [one.name, one]));
  return text.replace(VARIABLE, (whole, name: string) => {
    const one = by.get(name);
    if (!one || one.hidden || !one.value) return whole;
    return one.kind === "image" ? "" : one.value;
  });
}

/** True when a text holds a picture's variable (SEND-4). */
export function holdsPicture(text: string, known: readonly Variable[]): boolean {
  const pictures = new Set(known.filter((one) => one.kind === "image").map((one) => one.name));
  return variablesOf(text).some((name) => pictures.has(name));
}

/** SEND-10: the line with the agent's name as the channel has it, or nothing. */
export function signatureOf(rules: ChannelRules, prefixed: boolean, agentName: string): string {
  if (!prefixed || rules.signature === null) return "";
  const name = agentName.replaceAll("*", "").split(/\s+/).filter(Boolean).join(" ");
  return rules.signature.replace("{name}", () => name);
}

export interface Measure {
  limit: number;
  unit: "characters" | "bytes";
  used: number;
}

const bytes = new TextEncoder();

/** How long a message is as its channel counts, the agent's name included. `rules` null: internal. */
export function measured(
  text: string,
  rules: ChannelRules | null,
  signature: string,
  caption = false,
): Measure {
  if (!rules) return { limit: LONGEST_TEXT, unit: "characters", used: countCharacters(text) };
  if (caption && rules.caption_limit !== null) {
    const used = text.trim() === "" ? 0 : countCharacters(signature + text);
    return { limit: rules.caption_limit, unit: "characters", used };
  }
  const said = text.trim() === "" ? "" : signature + text;
  const used = rules.text_unit === "bytes" ? bytes.encode(said).length : countCharacters(said);
  return { limit: rules.text_limit, unit: rules.text_unit, used };
}

/** A limit is told only where it comes near. */
export function isNear({ limit, used }: Measure): boolean {
  return limit - used <= Math.max(100, Math.round(limit * 0.075));
}

/** How an answered message stands above its answer until the server has it. */
export function quoteOf(message: Message): Quote {
  const { key, author, author_name, internal, kind, source, text } = message;
  return { key, author, author_name, internal, kind, source, text: text.slice(0, 200) };
}

/** The unfinished variable before the caret: «no» of «Olá {no»; null when there is none. */
export function unfinishedVariable(text: string, caret: number): string | null {
  return /\{([a-z0-9_]*)$/.exec(text.slice(0, caret))?.[1] ?? null;
}

/** What is searched for among the quick replies; null when the text is no search. */
export function quickSearch(text: string): string | null {
  return /^\/(\S{0,40})$/.exec(text)?.[1] ?? null;
}
