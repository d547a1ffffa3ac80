/** What is wrong with business hours that are being written, before the server is asked (FLOW-6). */

import { isClock } from "~/components/clock";
import type { BusinessHours } from "~/lib/api/types";

export type HoursDraft = Pick<BusinessHours, "days" | "holidays">;
export type HoursProblem = "wrongClock" | "order" | "overlap" | "repeated" | "wrongDay" | "named";

const DAY_END = "24:00";

/** By place («days.0.1», «holidays.2»): what is wrong there. */
export function hoursProblems({ days, holidays }: HoursDraft): Map<string, HoursProblem> {
  const found = new Map<string, HoursProblem>();
  days.forEach((spans, day) => {
    spans.forEach(({ start, end }, number) => {
      const path = `days.${day}.${number}`;
      if (!isClock(start) || !(isClock(end) || end === DAY_END)) found.set(path, "wrongClock");
      else if (end <= start) found.set(path, "order");
    });
    const sorted = spans
      .map((span, number) => ({ ...span, path: `days.${day}.${number}` }))
      .filter(({ path }) => !found.has(path))
      .sort((one, other) => one.start.localeCompare(other.start));
    sorted.forEach((span, at) => {
      const before = sorted[at - 1];
      if (before && span.start < before.end) found.set(span.path, "overlap");
    });
  });
  const seen = new Set<string>();
  holidays.forEach(({ date, name }, at) => {
    const noon = Date.parse(`${date}T12:00:00Z`);
    const real = Number.isFinite(noon) && new Date(noon).toISOString().startsWith(date);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !real) found.set(`holidays.${at}`, "wrongDay");
    else if (name.trim() === "") found.set(`holidays.${at}`, "named");
    else if (seen.has(date)) found.set(`holidays.${at}`, "repeated");
    seen.add(date);
  });
  return found;
}
