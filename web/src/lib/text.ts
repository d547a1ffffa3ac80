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

function safeHref(found: string): string | null {
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
