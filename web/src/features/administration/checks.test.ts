/** What is said of typed values before the server is asked. */

import { describe, expect, it } from "vitest";
import { isEmail, optionsProblem, passwordLacks, slugFrom, slugProblem } from "./checks";

describe("INFO-9: a field's variable is proposed from its name", () => {
  it.each([
    ["Plano", "plano"],
    ["Data de renovação", "data_de_renovacao"],
    ["  2ª via — boleto  ", "via_boleto"],
    ["E-mail", "e_mail"],
    ["CPF", "cpf_2"],
    ["Código Cliente", "codigo_cliente_2"],
    ["🎉", ""],
    ["a".repeat(60), "a".repeat(40)],
  ])("«%s» becomes «%s»", (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });

  it.each([
    ["plano", null],
    ["", "empty"],
    ["Plano", "wrong"],
    ["2via", "wrong"],
    ["com espaço", "wrong"],
    ["nome", "reserved"],
    ["cidade", "taken"],
  ])("«%s»: %s", (slug, problem) => {
    expect(slugProblem(slug, ["cidade"])).toBe(problem);
  });
});

it.each([
  [["Sim", "Não"], null],
  [[], "needed"],
  [["Sim", " "], "empty"],
  [["São Paulo", "sao  paulo"], "twice"],
])("options %j: %s", (options, problem) => {
  expect(optionsProblem(options)).toBe(problem);
});

it.each([
  ["ana@example.com", true],
  [" ana@example.com ", true],
  ["ana@example", false],
  ["ana example@x.com", false],
  ["", false],
])("«%s» is an e-mail: %s", (text, expected) => {
  expect(isEmail(text)).toBe(expected);
});

it.each([
  ["Atendente2026", []],
  ["atendente2026", ["upper"]],
  ["ATENDENTE2026", ["lower"]],
  ["Atendentes", ["digit"]],
  ["Aa1", ["length"]],
  ["", ["length", "upper", "lower", "digit"]],
])("PERM-3: «%s» lacks %j", (password, lacks) => {
  expect(passwordLacks(password)).toEqual(lacks);
});
