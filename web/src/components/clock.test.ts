import { describe, expect, it } from "vitest";
import { isClock, typedClock, wholeClock } from "./clock";

describe("hours as they are typed", () => {
  it.each([
    ["9", "9"],
    ["09", "09"],
    ["093", "09:3"],
    ["93", "09:3"],
    ["930", "09:30"],
    ["24", "02:4"],
    ["2359", "23:59"],
    ["0930", "09:30"],
    ["09301", "09:30"],
    ["9:", "9:"],
    ["9:3", "09:3"],
    ["9h30", "09:30"],
    ["9.30", "09:30"],
    ["14:30", "14:30"],
    ["14:305", "14:30"],
    ["abc", ""],
  ])("«%s» reads «%s»", (text, shown) => {
    expect(typedClock(text)).toBe(shown);
  });

  it.each([
    ["9", "09:00"],
    ["14", "14:00"],
    ["9:3", "09:03"],
    ["9:30", "09:30"],
    ["09:30", "09:30"],
    ["", ""],
    ["99:99", "99:99"],
  ])("«%s» is left as «%s»", (typed, whole) => {
    expect(wholeClock(typed)).toBe(whole);
  });

  it.each([
    ["00:00", true],
    ["23:59", true],
    ["24:00", false],
    ["9:30", false],
    ["12:60", false],
    ["", false],
  ])("«%s» is an hour: %s", (text, is) => {
    expect(isClock(text)).toBe(is);
  });
});
