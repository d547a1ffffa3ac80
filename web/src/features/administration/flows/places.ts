/** Where things stand in a JSON text: «nodes.menu.options[1].next» is on some line of it. */

export interface Places {
  /** Where each value begins, by its path; the whole is «». */
  at: Map<string, number>;
  /** Where it stops being JSON; null: it is whole. */
  brokenAt: number | null;
}

const LITERAL = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not take them in a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;
const DEEPEST = 60;

class Broken extends Error {
  constructor(readonly at: number) {
    super();
  }
}

/** Walks over a text, as far as it is JSON. */
export function placesOf(text: string): Places {
  const at = new Map<string, number>();
  let place = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = place;
    const found = pattern.exec(text);
    if (found) place = pattern.lastIndex;
    return found ? found[0] : null;
  };
  const sign = (wanted: string): boolean => {
    match(SPACE);
    if (text[place] !== wanted) return false;
    place += 1;
    return true;
  };
  const need = (wanted: string): void => {
    if (!sign(wanted)) throw new Broken(place);
  };
  const value = (path: string, depth: number): void => {
    if (depth > DEEPEST) throw new Broken(place);
    match(SPACE);
    at.set(path, place);
    if (sign("{")) {
      if (sign("}")) return;
      do {
        match(SPACE);
        const began = place;
        const quoted = match(STRING);
        if (quoted === null) throw new Broken(began);
        const name = JSON.parse(quoted) as string;
        need(":");
        value(path === "" ? name : `${path}.${name}`, depth + 1);
      } while (sign(","));
      need("}");
    } else if (sign("[")) {
      if (sign("]")) return;
      let number = 0;
      do {
        value(`${path}[${number}]`, depth + 1);
        number += 1;
      } while (sign(","));
      need("]");
    } else if (match(STRING) === null && match(LITERAL) === null) {
      throw new Broken(place);
    }
  };
  try {
    value("", 0);
    match(SPACE);
    return { at, brokenAt: place === text.length ? null : place };
  } catch (error) {
    if (error instanceof Broken) return { at, brokenAt: error.at };
    throw error;
  }
}

/** The line of a place, from 1 on. */
export function lineAt(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}

/** Where a path begins, or the nearest of what it is inside of: what lacks has no place. */
export function placeOf({ at }: Places, path: string): number {
  for (let rest = path; ; rest = rest.replace(/(\.[^.[]*|\[\d+\])$/, "")) {
    const found = at.get(rest);
    if (found !== undefined) return found;
    if (rest === "" || !/[.[]/.test(rest)) return at.get("") ?? 0;
  }
}
