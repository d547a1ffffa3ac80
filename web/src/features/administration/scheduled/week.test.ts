import { describe, expect, it } from "vitest";
import { addDays, weekOf } from "./week";

describe("a week of the agenda (INFO-8)", () => {
  it.each([
    ["2026-11-24", "2026-11-23", "2026-11-29"],
    ["2026-11-23", "2026-11-23", "2026-11-29"],
    ["2026-11-29", "2026-11-23", "2026-11-29"],
    ["2026-12-31", "2026-12-28", "2027-01-03"],
    ["2026-03-08", "2026-03-02", "2026-03-08"],
  ])("of %s begins on %s and ends on %s", (day, first, last) => {
    const days = weekOf(day, "2020-01-01");
    expect([days[0], days[6], days.length]).toEqual([first, last, 7]);
  });

  it.each(["", "ontem", "2026-02-30", "2026-13-01"])("of «%s» is today's", (day) => {
    expect(weekOf(day, "2026-11-24")[0]).toBe("2026-11-23");
  });

  it("goes on over months", () => {
    expect([addDays("2026-02-28", 1), addDays("2026-03-01", -1)]).toEqual([
      "2026-03-01",
      "2026-02-28",
    ]);
  });
});
