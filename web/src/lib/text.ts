/** Text as people count and type it. */

export const LONGEST_TEXT = 4096;

/** Characters as the server counts them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const LINK = /https?:\/\/[^\s<>"'`\p{Cc}\p{Cf}]+/giu;
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

/** Splits a text into plain pieces and http(s) links; nothing else ever becomes a link. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const start = match.index;
    let found = match[0];
    const tail = TRAILING.exec(found)?.[0] ?? "";
    if (tail && !(tail.startsWith(")") && found.includes("(")))
      found = found.slice(0, -tail.length);
    const href = safeHref(found);
    if (!href) continue;
    if (start > from) pieces.push({ kind: "text", text: text.slice(from, start) });
    pieces.push({ kind: "link", text: found, href });
    from = start + found.length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** An address that may become a link: http or https, without a login in it; else null. */
export function safeHref(found: string): string | null {
  try {
    const url = new URL(found);
    if (url.username || url.password) return null;
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A Brazilian or foreign phone as people read it; digits with the country code come in. */
export function formatPhone(digits: string): string {
  const brazilian = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  if (brazilian) return `+55 ${brazilian[1]} ${brazilian[2]}-${brazilian[3]}`;
  return `+${digits}`;
}

/** One or two letters that stand for a name; an emoji counts as one letter. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = (word: string | undefined) =>
    word ? (/[\p{L}\p{N}]/u.exec(word)?.[0] ?? "") : "";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return (letters(words[0]) + letters(last)).toLocaleUpperCase("pt-BR") || "#";
}

/** A text as searches compare it: without regard to case and accents. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("pt-BR");
}

/** A piece of a text, and whether it is what was searched for. */
export interface Part {
  text: string;
  hit: boolean;
}

const WORD = /[\p{L}\p{N}]+/gu;

/** The words of a name that begin as the searched ones do, without regard to case and accents. */
export function markWords(text: string, searched: string): Part[] {
  const wanted = folded(searched).match(WORD) ?? [];
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const plain = folded(word);
    const hit = wanted
      .filter((one) => plain.startsWith(one))
      .reduce((longest, one) => Math.max(longest, one.length), 0);
    if (hit === 0) continue;
    let length = 0;
    while (length < word.length && folded(word.slice(0, length)).length < hit) length += 1;
    if (index > from) parts.push({ text: text.slice(from, index), hit: false });
    parts.push({ text: word.slice(0, length), hit: true });
    from = index + length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false });
  return parts;
}

const NINTH_DIGIT_APART = 8;

/** The digits of a formatted phone that were searched for, with or without its ninth digit. */
export function markDigits(phone: string, searched: string): Part[] {
  const digits = phone.replace(/\D/g, "");
  const wanted = searched.replace(/\D/g, "").replace(/^0+/, "");
  const end = wanted.slice(-NINTH_DIGIT_APART);
  const whole = wanted === "" ? -1 : digits.lastIndexOf(wanted);
  const [first, count] =
    whole >= 0
      ? [whole, wanted.length]
      : end !== "" && digits.endsWith(end)
        ? [digits.length - end.length, end.length]
        : [-1, 0];
  if (first < 0) return [{ text: phone, hit: false }];
  const places = [...phone.matchAll(/\d/g)].map((digit) => digit.index);
  const start = places[first] ?? 0;
  const stop = (places[first + count - 1] ?? 0) + 1;
  return [
    { text: phone.slice(0, start), hit: false },
    { text: phone.slice(start, stop), hit: true },
    { text: phone.slice(stop), hit: false },
  ].filter((part) => part.text !== "");
}
