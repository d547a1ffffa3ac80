import { describe, expect, it } from "vitest";
import { lineAt, placeOf, placesOf } from "./places";

const TEXT = `{
  "name": "Menu \\"novo\\"",
  "nodes": {
    "menu": {
      "options": [
        { "id": "a" },
        { "id": "b", "next": null }
      ]
    },
    "fim": { "type": "close" }
  }
}`;

describe("where things stand in a flow (FLOW-9)", () => {
  it.each([
    ["name", 2],
    ["nodes", 3],
    ["nodes.menu", 4],
    ["nodes.menu.options", 5],
    ["nodes.menu.options[0].id", 6],
    ["nodes.menu.options[1].next", 7],
    ["nodes.fim.type", 10],
    ["nodes.menu.options[1].title", 7],
    ["nodes.menu.text", 4],
    ["nodes.menu.options[5]", 5],
    ["start", 1],
    ["", 1],
  ])("%s is on line %d", (path, line) => {
    expect(lineAt(TEXT, placeOf(placesOf(TEXT), path))).toBe(line);
  });

  it.each([
    ["", 1],
    ["{", 1],
    ['{\n"a": 1,\n}', 3],
    ['{\n"a" 1\n}', 2],
    ['{\n"a": tru\n}', 2],
    ['{"a": 1}\nx', 2],
    ['{"a": "\n"}', 1],
    ["[".repeat(100), 1],
    ["[1, 2,, 3]", 1],
  ])("%j breaks on line %d", (text, line) => {
    const { brokenAt } = placesOf(text);
    expect(brokenAt).not.toBeNull();
    expect(lineAt(text, brokenAt as number)).toBe(line);
  });

  it("breaks exactly where the browser's own reading does not take it", () => {
    const parts = ["{", "}", "[", "]", ",", ":", '"a"', "1", "null", " ", "-", "true"];
    let seed = 7;
    for (let round = 0; round < 3_000; round += 1) {
      let text = "";
      for (let length = 0; length < 1 + (round % 9); length += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += parts[seed % parts.length];
      }
      let whole = true;
      try {
        JSON.parse(text);
      } catch {
        whole = false;
      }
      expect([text, placesOf(text).brokenAt === null]).toEqual([text, whole]);
    }
  });
});
