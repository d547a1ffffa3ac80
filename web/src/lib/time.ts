/** Times as people say them: «14:32», «ontem», «23/11/2026», in the agency's zone. */

let zone = "America/Sao_Paulo";
let clockFormat: Intl.DateTimeFormat;
let dateFormat: Intl.DateTimeFormat;
let longFormat: Intl.DateTimeFormat;
let fullFormat: Intl.DateTimeFormat;
let keyFormat: Intl.DateTimeFormat;
let today = { now: Number.NaN, noon: Number.NaN };
const relative = new Intl.RelativeTimeFormat("pt-BR", { numeric: "auto" });

/** Sets the zone that all times are told in. */
export function setTimeZone(timeZone: string): void {
  zone = timeZone;
  const make = (options: Intl.DateTimeFormatOptions, locale = "pt-BR") =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  clockFormat = make({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  dateFormat = make({ day: "2-digit", month: "2-digit", year: "numeric" });
  longFormat = make({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  fullFormat = make({ dateStyle: "short", timeStyle: "short", hourCycle: "h23" });
  keyFormat = make({ year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
  today = { now: Number.NaN, noon: Number.NaN };
}

setTimeZone(zone);

/** What people call that zone: «Horário de Brasília». */
export function zoneName(): string {
  const format = new Intl.DateTimeFormat("pt-BR", { timeZone: zone, timeZoneName: "longGeneric" });
  return format.formatToParts().find(({ type }) => type === "timeZoneName")?.value ?? zone;
}

/** The zone that all times are told in: the agency's. */
export function timeZone(): string {
  return zone;
}

/** «14:32» */
export function clockTime(iso: string): string {
  return clockFormat.format(new Date(iso));
}

/** «23/11/2026 14:32» */
export function fullTime(iso: string): string {
  return fullFormat.format(new Date(iso)).replace(",", "");
}

/** A name for the day an instant falls on, in the agency's zone: «2026-11-23». */
export function dayOf(at: string | number): string {
  return keyFormat.format(new Date(at));
}

/** Noon of the day of an instant, as if that day were in UTC: days apart are whole days then. */
function noonOf(at: string | number): number {
  return Date.parse(`${dayOf(at)}T12:00:00Z`);
}

function daysAgo(iso: string, now: number): number {
  // Every row of a list asks with the same `now`.
  if (now !== today.now) today = { now, noon: noonOf(now) };
  return Math.round((today.noon - noonOf(iso)) / 86_400_000);
}

/** What a row shows: the time today, «ontem», or the date. */
export function rowTime(iso: string, now: number): string {
  const days = daysAgo(iso, now);
  if (days <= 0) return clockTime(iso);
  if (days === 1) return relative.format(-1, "day");
  return dateFormat.format(new Date(iso));
}

/** What a day separator shows: «hoje», «ontem», or the whole date. */
export function dayName(iso: string, now: number): string {
  const days = daysAgo(iso, now);
  if (days === 0 || days === 1) return relative.format(-days, "day");
  return longFormat.format(new Date(iso));
}

/** «hoje às 14:32», «amanhã às 09:10» or «23/11/2026 14:32» for an instant to come. */
export function untilTime(iso: string, now: number): string {
  const days = daysAgo(iso, now);
  if (days === 0 || days === -1) {
    return `${relative.format(-days as 0 | 1, "day")} às ${clockTime(iso)}`;
  }
  return fullTime(iso);
}
