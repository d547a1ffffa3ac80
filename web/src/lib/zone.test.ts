import { describe, expect, it } from "vitest";
import { instantOf, wallOf } from "./zone";

const SAO_PAULO = "America/Sao_Paulo";
const NEW_YORK = "America/New_York";
const LISBON = "Europe/Lisbon";

const at = (day: string, clock: string, zone: string) => {
  const found = instantOf({ day, clock }, zone);
  return found === null ? null : new Date(found).toISOString();
};

describe("a wall clock of the agency's zone (SCH-1)", () => {
  it.each([
    ["2026-11-24", "14:30", SAO_PAULO, "2026-11-24T17:30:00.000Z"],
    ["2026-12-31", "23:59", SAO_PAULO, "2027-01-01T02:59:00.000Z"],
    ["2026-03-01", "00:00", SAO_PAULO, "2026-03-01T03:00:00.000Z"],
    ["2026-01-15", "12:00", NEW_YORK, "2026-01-15T17:00:00.000Z"],
    ["2026-07-15", "12:00", NEW_YORK, "2026-07-15T16:00:00.000Z"],
    ["2026-03-08", "01:59", NEW_YORK, "2026-03-08T06:59:00.000Z"],
    ["2026-03-08", "03:00", NEW_YORK, "2026-03-08T07:00:00.000Z"],
    ["2026-11-01", "02:00", NEW_YORK, "2026-11-01T07:00:00.000Z"],
    ["2026-03-29", "00:59", LISBON, "2026-03-29T00:59:00.000Z"],
    ["2026-03-29", "02:00", LISBON, "2026-03-29T01:00:00.000Z"],
    ["2018-11-04", "01:00", SAO_PAULO, "2018-11-04T03:00:00.000Z"],
    ["2026-06-01", "00:15", "Asia/Kathmandu", "2026-05-31T18:30:00.000Z"],
    ["2026-06-01", "12:00", "Pacific/Kiritimati", "2026-05-31T22:00:00.000Z"],
  ])("%s %s in %s is %s", (day, clock, zone, instant) => {
    expect(at(day, clock, zone)).toBe(instant);
  });

  it.each([
    ["2026-03-08", "02:00", NEW_YORK],
    ["2026-03-08", "02:30", NEW_YORK],
    ["2026-03-08", "02:59", NEW_YORK],
    ["2026-03-29", "01:30", LISBON],
    ["2018-11-04", "00:30", SAO_PAULO],
  ])("%s %s in %s never comes", (day, clock, zone) => {
    expect(at(day, clock, zone)).toBeNull();
  });

  it.each([
    ["2026-11-01", "01:00", NEW_YORK, "2026-11-01T05:00:00.000Z"],
    ["2026-11-01", "01:59", NEW_YORK, "2026-11-01T05:59:00.000Z"],
    ["2026-10-25", "01:30", LISBON, "2026-10-25T00:30:00.000Z"],
  ])("%s %s in %s comes twice, and is the first", (day, clock, zone, instant) => {
    expect(at(day, clock, zone)).toBe(instant);
  });

  it.each([
    ["2026-02-30", "10:00"],
    ["2026-13-01", "10:00"],
    ["", "10:00"],
    ["2026-11-24", ""],
    ["2026-11-24", "25:00"],
  ])("«%s» «%s» is no time at all", (day, clock) => {
    expect(at(day, clock, SAO_PAULO)).toBeNull();
  });

  it("goes there and back for every hour of two years", () => {
    for (const zone of [SAO_PAULO, NEW_YORK, LISBON]) {
      let twice = 0;
      for (let hour = 0; hour < 2 * 366 * 24; hour += 1) {
        const instant = Date.UTC(2025, 0, 1) + hour * 3_600_000;
        const again = instantOf(wallOf(instant, zone), zone);
        if (again !== instant) {
          twice += 1;
          expect(again).toBe(instant - 3_600_000);
        }
      }
      expect(twice).toBe(zone === SAO_PAULO ? 0 : 2);
    }
  });
});
