/** The colours that tags may have: domain/labels.COLORS. */

export const COLORS = [
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "violet",
  "gray",
] as const;
export type ColorName = (typeof COLORS)[number];

/** The colour by its name; of one that this page does not know yet, grey. */
export function colorName(color: string): ColorName {
  return COLORS.find((one) => one === color) ?? "gray";
}
