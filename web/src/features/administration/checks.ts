/** What can be said of a typed value before the server is asked. */

/** As the server's own pattern: something, an @, something with a dot. */
export function isEmail(text: string): boolean {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text.trim());
}

/** INFO-9: names that variables of the system already have. */
export const SYSTEM_VARIABLES: ReadonlySet<string> = new Set([
  "nome",
  "telefone",
  "canal",
  "data_nascimento",
  "cpf",
  "rg",
  "codigo_cliente",
  "email",
  "protocolo",
  "agente",
  "departamento",
]);

const LONGEST_SLUG = 40;

/** A variable's name made of a field's: «Data de renovação» becomes «data_de_renovacao». */
export function slugFrom(name: string): string {
  const plain = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+/, "")
    .slice(0, LONGEST_SLUG)
    .replace(/_+$/, "");
  return SYSTEM_VARIABLES.has(plain) ? `${plain}_2` : plain;
}

export type SlugProblem = "empty" | "wrong" | "reserved" | "taken";

/** What is wrong with a variable's name, or null. */
export function slugProblem(slug: string, taken: Iterable<string>): SlugProblem | null {
  if (slug === "") return "empty";
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(slug)) return "wrong";
  if (SYSTEM_VARIABLES.has(slug)) return "reserved";
  for (const one of taken) if (one === slug) return "taken";
  return null;
}

export type OptionsProblem = "needed" | "empty" | "twice";

/** What is wrong with the options of a choice, or null: as the server compares them. */
export function optionsProblem(options: readonly string[]): OptionsProblem | null {
  const plain = options.map((one) =>
    one.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim().replace(/\s+/g, " "),
  );
  if (plain.length === 0) return "needed";
  if (plain.includes("")) return "empty";
  return new Set(plain).size < plain.length ? "twice" : null;
}

/** ADM-4, PERM-3: what a password still lacks. */
export function passwordLacks(password: string): ("length" | "upper" | "lower" | "digit")[] {
  const lacks: ("length" | "upper" | "lower" | "digit")[] = [];
  if (password.length < 10) lacks.push("length");
  if (!/\p{Lu}/u.test(password)) lacks.push("upper");
  if (!/\p{Ll}/u.test(password)) lacks.push("lower");
  if (!/\d/.test(password)) lacks.push("digit");
  return lacks;
}
