/** What a typed text is: internal, filled, lacking something, too long (SEND-3, SEND-7, SEND-10). */

import { describe, expect, it } from "vitest";
import type { ChannelRules, Variable } from "~/lib/api/types";
import {
  filledIn,
  holdsPicture,
  isNear,
  lacking,
  measured,
  quickSearch,
  saysInternal,
  signatureOf,
  unfinishedVariable,
  variablesOf,
  withoutPrefix,
} from "./writing";

const variable = (name: string, more: Partial<Variable>): Variable => ({
  name,
  value: null,
  kind: "text",
  label: null,
  hidden: false,
  ...more,
});
const KNOWN = [
  variable("nome", { value: "Rui" }),
  variable("cpf", {}),
  variable("renda", { value: "9", hidden: true }),
  variable("foto", { value: "u", kind: "image" }),
];
const rules = (more: Partial<ChannelRules>): ChannelRules =>
  ({ text_limit: 10, text_unit: "characters", caption_limit: null, ...more }) as ChannelRules;

describe("SEND-7", () => {
  it.each([
    ["/interna olá", true, "olá"],
    ["/interna\nolá", true, "olá"],
    ["/internaolá", false, "/internaolá"],
    [" /interna olá", false, " /interna olá"],
    ["/interna", false, "/interna"],
  ])("%j: %s", (text, internal, rest) => {
    expect(saysInternal(text)).toBe(internal);
    expect(withoutPrefix(text)).toBe(rest);
  });
});

describe("SEND-3 SEND-4", () => {
  it("variables are found once each, and only well-formed ones", () => {
    expect(variablesOf("{nome} {nome} {Nome} { cpf } {cpf}")).toEqual(["nome", "cpf"]);
  });

  it("each that cannot be filled is told with its reason", () => {
    expect(lacking("{nome} {cpf} {renda} {nada}", KNOWN)).toEqual([
      { name: "cpf", reason: "empty" },
      { name: "renda", reason: "hidden" },
      { name: "nada", reason: "unknown" },
    ]);
  });

  it("what is filled shows no hidden value, and a picture leaves the text", () => {
    expect(filledIn("{nome} {cpf} {renda}{foto}", KNOWN)).toBe("Rui {cpf} {renda}");
    expect(holdsPicture("olha {foto}", KNOWN)).toBe(true);
    expect(holdsPicture("olha {nome}", KNOWN)).toBe(false);
  });

  it("a value that looks like a variable or a pattern is left as it is", () => {
    const odd = [variable("nome", { value: "$& {cpf}" })];
    expect(filledIn("{nome}", odd)).toBe("$& {cpf}");
  });
});

describe("SEND-10", () => {
  const signed = rules({ signature: "*{name}:*\n" });

  it("is the agent's name without what would break its line", () => {
    expect(signatureOf(signed, true, " Ana *\n Lima$& ")).toBe("*Ana Lima$&:*\n");
    expect(signatureOf(signed, false, "Ana")).toBe("");
    expect(signatureOf(rules({ signature: null }), true, "Ana")).toBe("");
  });

  it("is counted, and only where something is said", () => {
    expect(measured("😀é", signed, "ab").used).toBe(4);
    expect(measured(" ", signed, "ab").used).toBe(0);
    expect(measured("😀é", rules({ text_unit: "bytes" }), "").used).toBe(6);
    expect(measured("abc", rules({ caption_limit: 5 }), "", true)).toMatchObject({ limit: 5 });
    expect(measured("abc", null, "ab").used).toBe(3);
  });
});

it("a limit is near in its last hundred, or its last part", () => {
  const at = (used: number) => isNear({ limit: 4_096, unit: "characters", used });
  expect([at(3_788), at(3_789)]).toEqual([false, true]);
});

it("what completes itself is what stands before the caret", () => {
  expect(unfinishedVariable("Olá {no e mais", 7)).toBe("no");
  expect(unfinishedVariable("Olá {nome} e", 12)).toBeNull();
  expect(quickSearch("/bom")).toBe("bom");
  expect(quickSearch("/bom dia")).toBeNull();
  expect(quickSearch("e/bom")).toBeNull();
});
