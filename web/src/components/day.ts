/** Days as they are typed. */

/** What was typed with its slashes: «1/2/2026» and «01022026» are «01/02/2026». */
export function typedDay(text: string): string {
  const kept = /^\s*(\d{4})-(\d{2})-(\d{2})\s*$/.exec(text);
  if (kept) return `${kept[3]}/${kept[2]}/${kept[1]}`;
  const padded = text.replace(/^(\d)\//, "0$1/").replace(/^(\d\d\/)(\d)\//, "$10$2/");
  const digits = padded.replace(/\D/g, "").slice(0, 8);
  const slash = (after: number) =>
    digits.length > after || (digits.length === after && padded.endsWith("/")) ? "/" : "";
  return digits.slice(0, 2) + slash(2) + digits.slice(2, 4) + slash(4) + digits.slice(4);
}

/** «1990-12-31» for «31/12/1990»; what is no whole day yet stays as typed. */
export function dayFrom(typed: string): string {
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(typed);
  return parts ? `${parts[3]}-${parts[2]}-${parts[1]}` : typed;
}
