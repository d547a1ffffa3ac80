import { expect, it } from "vitest";
import { dayName, rowTime, untilTime } from "./time";

const NOW = Date.parse("2026-11-24T13:00:00Z"); // 10:00 in São Paulo

it.each([
  ["2026-11-24T12:05:00Z", "09:05", "hoje"],
  ["2026-11-24T02:59:00Z", "ontem", "ontem"],
  ["2026-11-24T03:00:00Z", "00:00", "hoje"],
  ["2026-11-23T03:00:00Z", "ontem", "ontem"],
  ["2026-11-23T02:59:00Z", "22/11/2026", "domingo, 22 de novembro de 2026"],
])("tells %s as %s in a row and %s between days", (iso, row, day) => {
  expect(rowTime(iso, NOW)).toBe(row);
  expect(dayName(iso, NOW)).toBe(day);
});

it.each([
  ["2026-11-24T17:32:00Z", "hoje às 14:32"],
  ["2026-11-25T17:32:00Z", "amanhã às 14:32"],
  ["2026-11-27T17:32:00Z", "27/11/2026 14:32"],
])("tells until %s as %s", (iso, words) => {
  expect(untilTime(iso, NOW)).toBe(words);
});
