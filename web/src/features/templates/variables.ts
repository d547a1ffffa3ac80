/** A template's variables: their names for people, what fills them, and what is missing. */

import type { TFunction } from "i18next";
import type { Template, TemplateToSend, Variable } from "~/lib/api/types";
import { countCharacters } from "~/lib/text";

/** The variable that takes an uploaded file. */
export const HEADER_FILE = "header.file";
const LONGEST_VALUE = 1024;
const OF_A_CHAT = /\{([a-z0-9_]+)\}/g;

/** What tells templates apart. */
export function idOf(template: Template): string {
  return `${template.name} ${template.language}`;
}

/** Of which part a variable is, and how it is called in it: «body», «1». */
export function partsOf(variable: string): [part: string, name: string] {
  const dot = variable.indexOf(".");
  return [variable.slice(0, dot), variable.slice(dot + 1)];
}

/** What a variable's field is called. */
export function variableLabel(
  variable: string,
  template: Template,
  words: TFunction<"templates">,
): string {
  const [part, name] = partsOf(variable);
  if (part === "header") return words("headerVariable", { name });
  if (part === "button") {
    const button = template.buttons.find((one) => one.variable === variable);
    return button?.kind === "copy_code"
      ? words("coupon", { name: button.text })
      : words("buttonVariable", { name: button?.text ?? name });
  }
  return words("variable", { name });
}

/** The values that a template begins with. */
export function boundValues(template: Template): Record<string, string> {
  return { ...template.bindings };
}

export type ValueProblem = "value" | "too_long" | "file";

/** What each variable still lacks before the server need be asked. */
export function missingValues(
  template: Template,
  values: Record<string, string>,
): Record<string, ValueProblem> {
  const found: Record<string, ValueProblem> = {};
  for (const variable of template.variables) {
    const value = (values[variable] ?? "").trim();
    if (value === "") found[variable] = variable === HEADER_FILE ? "file" : "value";
    else if (countCharacters(value) > LONGEST_VALUE) found[variable] = "too_long";
  }
  return found;
}

/** The wish as doors take it: a value for each variable and for nothing else. */
export function toSend(template: Template, values: Record<string, string>): TemplateToSend {
  return {
    name: template.name,
    language: template.language,
    values: Object.fromEntries(
      template.variables.map((variable) => [variable, (values[variable] ?? "").trim()]),
    ),
  };
}

/** The values as the contact will read them: a chat's variables filled where they are known. */
export function expanded(
  values: Record<string, string>,
  known: readonly Variable[],
): Record<string, string> {
  const of = new Map(known.map((one) => [one.name, one.kind === "text" ? one.value : null]));
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      name === HEADER_FILE
        ? value
        : value.replace(OF_A_CHAT, (whole, variable: string) => of.get(variable) ?? whole),
    ]),
  );
}

const IN_TEMPLATE = /\{\{\s*(\w+)\s*\}\}/g;

/** A part's text with its values in their places. */
export function filled(part: string, text: string, values: Record<string, string>): string {
  return text.replace(IN_TEMPLATE, (whole, name: string) => values[`${part}.${name}`] || whole);
}
