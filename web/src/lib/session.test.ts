import { expect, it } from "vitest";
import { sessionState } from "./session";

const NOW = 1_000_000_000_000;
const minutes = (count: number) => new Date(NOW + count * 60_000).toISOString();

it.each([
  [31, "open"],
  [30, "expiring"],
  [1 / 60, "expiring"],
  [0, "expired"],
] as const)("SES-2: with %d minutes left it is %s", (left, state) => {
  expect(sessionState({ state: "open", ends_at: minutes(left), human_until: null }, NOW)).toBe(
    state,
  );
});

it("SES-2: who never wrote has no session", () => {
  expect(sessionState({ state: "none", ends_at: null, human_until: null }, NOW)).toBe("none");
});
