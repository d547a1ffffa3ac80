/** Text as people count and type it. */

export const LONGEST_TEXT = 4096;

/** Characters as the server counts them: code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

/** Whether a text may hold a link, so that looking closer is worth its while (lib/links.ts). */
export function mayHoldLink(text: string): boolean {
  return /:\/\/|[\w-]\.[a-z]{2}|@|tel:/i.test(text);
}

/** Marks that are not seen and turn the text around them: nothing that a name or a label needs. */
const TURNING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\p{Cc}]/gu;

/** A name as it really reads: «cod\u202efdp.exe» must not look like «codexe.pdf». */
export function plainName(name: string): string {
  return name.replace(TURNING, "");
}

/** Sets of whole emoji need this flag, which the compiler's target does not know yet. */
const SETS = "v";
const EMOJI = new RegExp(
  "^(?:\\p{RGI_Emoji}|\\p{Emoji_Presentation}|\\p{Extended_Pictographic}\\ufe0f?)$",
  SETS,
);
const MOST_LARGE = 3;
let graphemes: Intl.Segmenter | null = null;

/** How many emoji a text is, when it is nothing else and they are so few that they are shown large. */
export function largeEmoji(text: string): number {
  const plain = text.trim();
  if (
    plain === "" ||
    plain.length > 40 ||
    /[\p{L}\p{N}\p{P}]/u.test(plain.replace(/[#*0-9]\ufe0f\u20e3/gu, ""))
  )
    return 0;
  graphemes ??= new Intl.Segmenter("pt-BR", { granularity: "grapheme" });
  let count = 0;
  for (const { segment } of graphemes.segment(plain.replace(/\s+/gu, ""))) {
    if (!EMOJI.test(segment)) return 0;
    count += 1;
    if (count > MOST_LARGE) return 0;
  }
  return count;
}

const SIZES = ["B", "kB", "MB", "GB"];

/** «1,4 MB» */
export function fileSize(bytes: number): string {
  let left = bytes;
  let unit = 0;
  while (left >= 1000 && unit < SIZES.length - 1) {
    left /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || left >= 10 ? 0 : 1;
  return `${left.toLocaleString("pt-BR", { maximumFractionDigits: digits })} ${SIZES[unit]}`;
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

/** Every place of a text where a phrase stands, without regard to case and accents (FIND-2). */
export function markPhrase(text: string, phrase: string): Part[] {
  const wanted = folded(phrase.trim()).replace(/\s+/g, " ");
  const places: number[] = [];
  let plain = "";
  let at = 0;
  for (const character of text) {
    const letters = /\s/.test(character) ? (plain.endsWith(" ") ? "" : " ") : folded(character);
    for (let letter = 0; letter < letters.length; letter += 1) places.push(at);
    plain += letters;
    at += character.length;
  }
  places.push(text.length);
  const parts: Part[] = [];
  let from = 0;
  let found = wanted === "" ? -1 : plain.indexOf(wanted);
  while (found >= 0) {
    const start = places[found] ?? 0;
    const stop = places[found + wanted.length] ?? text.length;
    if (start > from) parts.push({ text: text.slice(from, start), hit: false });
    if (stop > start) parts.push({ text: text.slice(start, stop), hit: true });
    from = Math.max(from, stop);
    found = plain.indexOf(wanted, found + wanted.length);
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
