/** What tables, exports and imports compute from what they are given. */

import { describe, expect, it } from "vitest";
import { arranged } from "~/components/useTable";
import { left } from "~/features/topbar/SupportCode";
import { Refused } from "~/lib/api/http";
import { askedOf } from "./attendances/AttendancesPage";
import { linesOf } from "./attendances/useExport";
import { toldWith } from "./contacts/useImport";
import { reasonsOf, usesOf } from "./refusals";

describe("ADM-1: tables are searched and sorted", () => {
  const rows = ["São Paulo", "Recife", "santos 10", "Santos 9", "Óbidos"];
  const of = (query: string, down = false) =>
    arranged(
      rows,
      query,
      (row) => row,
      (row) => row,
      down,
    );
  it.each([
    ["", ["Óbidos", "Recife", "Santos 9", "santos 10", "São Paulo"]],
    ["sao", ["São Paulo"]],
    ["SANTOS", ["Santos 9", "santos 10"]],
    ["10 san", ["santos 10"]],
    ["obi", ["Óbidos"]],
    ["nada", []],
  ])("«%s»", (query, found) => {
    expect(of(query)).toEqual(found);
    expect(of(query, true)).toEqual([...found].reverse());
  });

  it("5,000 rows are searched in less than a frame or two", () => {
    const many = Array.from({ length: 5000 }, (_, number) => `Etiqueta número ${number}`);
    const began = performance.now();
    expect(
      arranged(
        many,
        "numero 4999",
        (row) => row,
        (row) => row,
        false,
      ),
    ).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

it.each([
  ["", { since: null, until: null, agent: null, department: null, state: null }],
  [
    "since=2026-11-01&until=ontem&state=open&agent=a",
    { since: "2026-11-01", until: null, agent: "a", department: null, state: "open" },
  ],
  ["since=2026-02-31", { since: null, until: null, agent: null, department: null, state: null }],
  ["state=lost", { since: null, until: null, agent: null, department: null, state: null }],
])("CLOSE-7: «%s» asks for attendances", (address, asked) => {
  expect(askedOf(new URLSearchParams(address))).toEqual(asked);
});

it.each([
  ["", 0],
  ["a;b\r\n", 1],
  ['a;"b\nc"\r\nd;e\r\n', 2],
])("CLOSE-7: the lines of a part are counted", (csv, lines) => {
  expect(linesOf(csv)).toBe(lines);
});

it("ADM-3: who came earlier in the list is a repeat, not somebody known before", () => {
  const before = [{ line: 1, outcome: "added" as const, chat_id: "x" }];
  const part = [
    { line: 2, outcome: "exists" as const, chat_id: "x" },
    { line: 3, outcome: "exists" as const, chat_id: "y" },
    { line: 4, outcome: "phone_invalid" as const, chat_id: null },
  ];
  expect(toldWith(before, part).map((one) => one.outcome)).toEqual([
    "repeated",
    "exists",
    "phone_invalid",
  ]);
});

it.each([
  [3 * 3_600_000 + 12 * 60_000, "3 h 12 min"],
  [12 * 60_000 + 59_000, "12 min"],
  [44_100, "45 s"],
  [-5, "0 s"],
])("CODE-1: %d ms are «%s»", (ms, words) => {
  expect(left(ms)).toBe(words);
});

it("ADM-1: refusals tell what uses a thing, and what is wrong with which field", () => {
  const used = new Refused(409, "in_use", {
    by: [{ kind: "agents", count: 2 }, null, { kind: 1 }],
  });
  expect(usesOf(used)).toEqual([{ kind: "agents", count: 2 }]);
  expect(usesOf(new Refused(409, "in_use", {}))).toEqual([]);
  const wrong = new Refused(400, "invalid", { fields: [{ path: "email", reason: "email_taken" }] });
  expect([...reasonsOf(wrong)]).toEqual([["email", "email_taken"]]);
  expect([...reasonsOf(new Error("x"))]).toEqual([]);
});
