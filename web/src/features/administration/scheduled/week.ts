/** Weeks of days that are named «2026-11-24», whatever the zone. */

const DAY_MS = 86_400_000;

/** That many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The week of that day, from Monday on; of today where it is none. */
export function weekOf(day: string, today: string): string[] {
  const at = Date.parse(`${day}T12:00:00Z`);
  const real = Number.isFinite(at) && new Date(at).toISOString().startsWith(day) && day !== "";
  const within = real ? day : today;
  const weekday = (new Date(`${within}T12:00:00Z`).getUTCDay() + 6) % 7;
  return Array.from({ length: 7 }, (_, number) => addDays(within, number - weekday));
}
