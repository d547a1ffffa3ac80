/** Wall clocks of the agency's zone: what a day and an hour there are, whatever this computer's zone is. */

export interface Wall {
  /** «2026-11-24» */
  day: string;
  /** «14:30» */
  clock: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(zone, made);
  return made;
}

/** What a clock on the wall shows there at an instant. */
export function wallOf(at: number, zone: string): Wall {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value;
  return {
    day: `${parts.year}-${parts.month}-${parts.day}`,
    clock: `${parts.hour}:${parts.minute}`,
  };
}

/**
 * The instant at which that wall clock shows this; null where it never does: the hour that is left
 * out when clocks go forward. Of an hour that comes twice it is the first.
 */
export function instantOf({ day, clock }: Wall, zone: string): number | null {
  const asUtc = Date.parse(`${day}T${clock}:00Z`);
  if (!Number.isFinite(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== day) return null;
  const found = [-24, 0, 24]
    .map((hours) => asUtc - offsetAt(asUtc + hours * HOUR, zone))
    .filter((at) => {
      const wall = wallOf(at, zone);
      return wall.day === day && wall.clock === clock;
    });
  return found.length > 0 ? Math.min(...found) : null;
}

/** How far that zone's clocks are ahead of UTC at an instant, in ms. */
function offsetAt(at: number, zone: string): number {
  const { day, clock } = wallOf(at, zone);
  const minute = Math.floor(at / MINUTE) * MINUTE;
  return Date.parse(`${day}T${clock}:00Z`) - minute;
}
