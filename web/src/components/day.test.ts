/** Days as agents type them. */

import { expect, it } from "vitest";
import { dayFrom, typedDay } from "./day";

it.each([
  ["3", "3"],
  ["31", "31"],
  ["311", "31/1"],
  ["31/", "31/"],
  ["1/2/2026", "01/02/2026"],
  ["31121990", "31/12/1990"],
  ["31/12/19901", "31/12/1990"],
  ["2026-11-24", "24/11/2026"],
  ["hoje", ""],
])("typed %s stands as %s", (text, shown) => {
  expect(typedDay(text)).toBe(shown);
});

it.each([
  ["31/12/1990", "1990-12-31"],
  ["31/12", "31/12"],
  ["", ""],
])("%s is kept as %s", (typed, value) => {
  expect(dayFrom(typed)).toBe(value);
});
