import { describe, expect, it } from "vitest";
import { countCharacters, formatPhone, initials, markDigits, markWords, splitLinks } from "./text";

describe("splitLinks", () => {
  it.each([
    ["veja https://a.com.br.", ["https://a.com.br"]],
    ["(http://a.com/x)", ["http://a.com/x"]],
    ["https://pt.wikipedia.org/wiki/A_(b)", ["https://pt.wikipedia.org/wiki/A_(b)"]],
    ["javascript:alert(1)", []],
    ["data:text/html,https", []],
    ['https://a.com/"><script>alert(1)</script>', ["https://a.com/"]],
    ["https://user:pass@mal.com", []],
    ["ftp://a.com www.a.com", []],
    ["https://a.com\u202egro.live", ["https://a.com"]],
  ])("%s", (text, links) => {
    const pieces = splitLinks(text);
    expect(pieces.filter((piece) => piece.kind === "link").map((piece) => piece.text)).toEqual(
      links,
    );
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });
});

it.each([
  ["ação", 4],
  ["👍", 1],
  ["👨‍👩‍👧", 5],
  ["", 0],
])("counts %s as the server does", (text, count) => {
  expect(countCharacters(text)).toBe(count);
});

it.each([
  ["5511987654321", "+55 11 98765-4321"],
  ["551140001234", "+55 11 4000-1234"],
  ["14155550100", "+14155550100"],
])("reads %s as %s", (digits, phone) => {
  expect(formatPhone(digits)).toBe(phone);
});

it.each([
  ["Ana Maria Souza", "AS"],
  ["👍 zé", "Z"],
  ["", "#"],
  ["<b>Zé</b>", "B"],
])("stands for %s with %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

describe("FIND-1: what matched is marked", () => {
  const shown = (parts: { text: string; hit: boolean }[]) =>
    parts.map((part) => (part.hit ? `[${part.text}]` : part.text)).join("");

  it.each([
    ["João da Silva", "joao", "[João] da Silva"],
    ["João da Silva", "SIL jo", "[Jo]ão da [Sil]va"],
    ["Ângela Conceição", "conceic", "Ângela [Conceiç]ão"],
    ["Ana-Maria d'Ávila", "avi", "Ana-Maria d'[Ávi]la"],
    ["Mariana", "ana", "Mariana"],
    ["مريم بنت أحمد", "بنت", "مريم [بنت] أحمد"],
    ["🌻 Flor 🌻", "flor", "🌻 [Flor] 🌻"],
    ["Ana", "", "Ana"],
  ])("%s for «%s»", (name, searched, marked) => {
    expect(shown(markWords(name, searched))).toBe(marked);
  });

  it.each([
    ["+55 11 98765-4321", "4321", "+55 11 98765-[4321]"],
    ["+55 11 98765-4321", "11 98765-4321", "+55 [11 98765-4321]"],
    ["+55 11 98765-4321", "+55 (11) 8765-4321", "+55 11 9[8765-4321]"],
    ["+55 11 98765-4321", "011987654321", "+55 [11 98765-4321]"],
    ["+14155550123", "5550123", "+1415[5550123]"],
    ["+14155550123", "ana", "+14155550123"],
  ])("%s for «%s»", (phone, searched, marked) => {
    expect(shown(markDigits(phone, searched))).toBe(marked);
  });
});
