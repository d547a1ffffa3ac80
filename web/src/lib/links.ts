/** Links in what people wrote: found by linkifyjs, and only of schemes that are safe to follow. */

import * as linkify from "linkifyjs";
import { type Piece, safeHref } from "./text";

/** Endings that are taken for an address without «http» or «www» before it. */
const PLAIN_ENDING = /^[a-z0-9.-]+\.(com|net|org|br|app|io|dev|me|shop|store|link|ly)(?=[/?#:]|$)/;
/** What is not seen, or turns the text around: with it in an address, what is read is not what opens. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const PHONE = /(?<![\p{L}\p{N}])tel:\+?[0-9][0-9().-]{2,24}[0-9]/giu;

/** Splits a text into plain pieces and links; whatever is not surely a safe link stays text. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (words: string, href: string | null) => {
    const last = pieces[pieces.length - 1];
    if (href !== null) pieces.push({ kind: "link", text: words, href });
    else if (last?.kind === "text") last.text += words;
    else if (words !== "") pieces.push({ kind: "text", text: words });
  };
  for (const token of linkify.tokenize(text)) {
    const words = token.toString();
    if (token.isLink) {
      // What another scheme leads to is no address of ours: «javascript://a.com».
      const before = pieces[pieces.length - 1];
      const strange = before?.kind === "text" && before.text.endsWith("://");
      const end = words.search(/[<>"`]/);
      const address = end < 0 ? words : words.slice(0, end);
      add(address, strange ? null : hrefOf(token.t, address));
      add(words.slice(address.length), null);
      continue;
    }
    let from = 0;
    for (const { 0: phone, index } of words.matchAll(PHONE)) {
      add(words.slice(from, index), null);
      add(phone, `tel:${phone.slice(4).replace(/[^+0-9]/g, "")}`);
      from = index + phone.length;
    }
    add(words.slice(from), null);
  }
  return pieces;
}

function hrefOf(kind: string, words: string): string | null {
  if (UNSEEN.test(words)) return null;
  if (/^mailto:/i.test(words)) return words;
  if (kind === "email") return `mailto:${words}`;
  if (/^https?:\/\//i.test(words)) return safeHref(words);
  return /^www\./i.test(words) || PLAIN_ENDING.test(words) ? safeHref(`https://${words}`) : null;
}
