/** Lists of contacts as people have them: files of a spreadsheet, or lines pasted from anywhere. */

export const SEPARATORS = [";", ",", "\t"] as const;
export type Separator = (typeof SEPARATORS)[number];

export interface Sheet {
  /** Every line that is not blank, cells trimmed. */
  lines: { number: number; cells: string[] }[];
  /** As many as the widest line has. */
  columns: number;
}

/** The text of a file: UTF-8 or UTF-16 by its mark, UTF-8 if it can be, else Windows-1252 (Excel). */
export function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Cells by line, quotes and doubled quotes understood; `number` is the line's own, from 1.
 *
 * A quote at or after `literal` is only a sign: so is read what follows one that never ends.
 */
function split(text: string, separator: Separator, literal = text.length): Sheet["lines"] {
  const lines: Sheet["lines"] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let wasQuoted = false;
  let number = 1;
  let begins = 1;
  let opened = 0;
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
    wasQuoted = false;
  };
  const endLine = () => {
    endCell();
    if (cells.some((one) => one !== "")) lines.push({ number: begins, cells });
    cells = [];
  };
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index] as string;
    if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[index + 1] === "\n") index += 1;
      number += 1;
      if (quoted) cell += "\n";
      else {
        endLine();
        begins = number;
      }
    } else if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (sign === '"' && index < literal && cell.trim() === "" && !wasQuoted) {
      quoted = true;
      opened = index;
      wasQuoted = true;
      cell = "";
    } else if (sign === separator) endCell();
    else cell += sign;
  }
  if (quoted) return split(text, separator, opened);
  endLine();
  return lines;
}

/** How many cells most lines have, and what part of the lines that is. */
function commonWidth(lines: Sheet["lines"]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const { cells } of lines) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  let best = { width: 1, times: 0 };
  for (const [width, times] of counts) {
    if (times > best.times || (times === best.times && width > best.width)) best = { width, times };
  }
  return { width: best.width, share: lines.length === 0 ? 0 : best.times / lines.length };
}

const SAMPLE = 20_000;

/** The separator by which most lines have the same number of cells, more than one. */
export function separatorOf(text: string): Separator {
  const sample = text.slice(0, SAMPLE);
  let best: { separator: Separator; score: number } = { separator: ";", score: 0 };
  for (const separator of SEPARATORS) {
    const { width, share } = commonWidth(split(sample, separator));
    const score = width > 1 ? share : 0;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** Reads a list. Lines with only blanks are left out; a quote that never ends takes nothing in. */
export function parse(text: string): Sheet {
  let clean = text.replace(/^\ufeff/, "").replaceAll("\0", "");
  const told = /^sep=(.)\r?\n/i.exec(clean);
  let separator = separatorOf(clean);
  if (told) {
    clean = `\n${clean.slice(told[0].length)}`;
    separator = SEPARATORS.find((one) => one === told[1]) ?? separator;
  }
  const lines = split(clean, separator);
  return { lines, columns: Math.max(0, ...lines.map(({ cells }) => cells.length)) };
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

const NAMES = /^(nome|name|contato|cliente|nome completo|nome do (cliente|contato)|full name)$/;
const PHONES =
  /^(telefone|telefones|tel|fone|celular|cel|whats ?app|whats|numero|phone|mobile|numero do (cliente|contato)|telefone celular)( ?\d)?$/;

/** How many digits a phone has at least, and letters none. */
export function looksLikePhone(cell: string): boolean {
  const digits = cell.replace(/\D/g, "").length;
  return digits >= 8 && digits <= 16 && /^[+\d\s().\-/]+$/.test(cell);
}

export interface Mapping {
  header: boolean;
  name: number;
  phone: number;
}

/** Which columns hold names and phones, by a heading or by what stands in them. */
export function guess(sheet: Sheet): Mapping {
  const [first, ...rest] = sheet.lines;
  const heads = (first?.cells ?? []).map(plain);
  const named = heads.findIndex((head) => NAMES.test(head));
  const phoned = heads.findIndex((head) => PHONES.test(head));
  const header =
    named >= 0 || phoned >= 0 || (rest.length > 0 && !(first?.cells ?? []).some(looksLikePhone));
  const body = (header ? rest : sheet.lines).slice(0, 200);
  const columns = Array.from({ length: sheet.columns }, (_, column) => column);
  const phonesIn = (column: number) =>
    body.filter(({ cells }) => looksLikePhone(cells[column] ?? "")).length;
  const lettersIn = (column: number) =>
    body.filter(({ cells }) => /\p{L}{2}/u.test(cells[column] ?? "")).length;
  const most = (of: (column: number) => number, among: number[]) =>
    among.reduce((best, column) => (of(column) > of(best) ? column : best), among[0] ?? 0);
  const phone =
    phoned >= 0
      ? phoned
      : most(
          phonesIn,
          columns.filter((column) => column !== named),
        );
  const name =
    named >= 0
      ? named
      : most(
          lettersIn,
          columns.filter((column) => column !== phone),
        );
  return { header: header && sheet.lines.length > 1, name, phone };
}

export interface ContactLine {
  line: number;
  name: string;
  phone: string;
}

/** The contacts of a list, each with the number of its line in the file. */
export function contactsOf(sheet: Sheet, { header, name, phone }: Mapping): ContactLine[] {
  return sheet.lines.slice(header ? 1 : 0).map(({ number, cells }) => ({
    line: number,
    name: (cells[name] ?? "").slice(0, 2000),
    phone: (cells[phone] ?? "").slice(0, 200),
  }));
}

/** A cell that spreadsheets take as text: quoted where needed, and never as a formula. */
function cellOf(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d\s().-]+$/.test(text) ? `'${text}` : text;
  return /[";\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A file of these rows, as spreadsheets in Brazil open it. */
export function csvOf(rows: (string | number)[][]): string {
  return rows.map((row) => row.map(cellOf).join(";")).join("\r\n");
}
