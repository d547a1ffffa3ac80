/** Hours as they are typed. */

/** What was typed with its colon: «930», «9h30» and «0930» are «09:30», once it is whole. */
export function typedClock(text: string): string {
  const parts = /^\s*(\d{1,2})\s*[:hH.]\s*(\d{0,2})/.exec(text);
  if (parts) {
    const hours = parts[2] ? (parts[1] as string).padStart(2, "0") : (parts[1] as string);
    return `${hours}:${parts[2]}`;
  }
  const typed = text.replace(/\D/g, "");
  // No hour begins so: it is the one digit's.
  const digits = (Number(typed.slice(0, 2)) > 23 ? `0${typed}` : typed).slice(0, 4);
  return digits.length > 2 ? `${digits.slice(0, 2)}:${digits.slice(2)}` : digits;
}

/** «09:30» for what was left as «9», «9:3» or «930»; what is no hour stays as it is. */
export function wholeClock(typed: string): string {
  const short = /^(\d):?(\d\d)$/.exec(typed) ?? /^(\d{1,2}):?$/.exec(typed);
  const parts = short ?? /^(\d{1,2}):(\d{1,2})$/.exec(typed);
  if (!parts) return typed;
  const [, hours = "", minutes = "00"] = parts;
  return `${hours.padStart(2, "0")}:${minutes.padStart(2, "0")}`;
}

/** Whether it is an hour of a day: «00:00» to «23:59». */
export function isClock(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}
