import { describe, expect, it } from "vitest";
import { hoursProblems } from "./hours";

const monday = (...spans: [string, string][]) => ({
  days: [spans.map(([start, end]) => ({ start, end })), ...Array.from({ length: 6 }, () => [])],
  holidays: [],
});

describe("business hours as they are written (FLOW-6)", () => {
  it.each([
    [monday(), []],
    [monday(["09:00", "12:00"], ["13:00", "18:00"]), []],
    [monday(["13:00", "18:00"], ["09:00", "13:00"]), []],
    [monday(["00:00", "24:00"]), []],
    [monday(["9", "12:00"]), [["days.0.0", "wrongClock"]]],
    [monday(["24:00", "24:00"]), [["days.0.0", "wrongClock"]]],
    [monday(["18:00", "09:00"]), [["days.0.0", "order"]]],
    [monday(["09:00", "09:00"]), [["days.0.0", "order"]]],
    [monday(["09:00", "12:00"], ["11:59", "13:00"]), [["days.0.1", "overlap"]]],
    [monday(["10:00", "11:00"], ["09:00", "24:00"]), [["days.0.0", "overlap"]]],
  ])("%j", (draft, problems) => {
    expect([...hoursProblems(draft)]).toEqual(problems);
  });

  it.each([
    ["2026-12-25", "Natal", undefined],
    ["2026-02-30", "Nunca", "wrongDay"],
    ["25/12", "Natal", "wrongDay"],
    ["2026-12-25", " ", "named"],
  ])("a holiday on «%s» called «%s»", (date, name, problem) => {
    const found = hoursProblems({
      days: Array.from({ length: 7 }, () => []),
      holidays: [{ date, name, yearly: false }],
    });
    expect(found.get("holidays.0")).toBe(problem);
  });

  it("two holidays on one day are one too many", () => {
    const twice = { date: "2026-12-25", name: "Natal", yearly: false };
    const found = hoursProblems({
      days: Array.from({ length: 7 }, () => []),
      holidays: [twice, { ...twice, name: "Folga" }],
    });
    expect([...found]).toEqual([["holidays.1", "repeated"]]);
  });
});
