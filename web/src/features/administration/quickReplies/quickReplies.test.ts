import { expect, it } from "vitest";
import { nameProblem } from "./QuickReplyWindow";

it.each([
  ["ola", null],
  ["Olá", "taken"],
  ["OLA", "taken"],
  ["", "required"],
  ["bom dia", "wrong"],
  ["a/b", "wrong"],
  ["interna", "reserved"],
  ["Interna", "reserved"],
] as const)("SEND-9: «%s» as a quick reply's name: %s", (name, problem) => {
  const others = problem === "taken" ? ["ola"] : ["tchau"];
  expect(nameProblem(name, others)).toBe(problem);
});
