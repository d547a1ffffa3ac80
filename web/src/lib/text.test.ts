import { describe, expect, it } from "vitest";
import { splitLinks } from "./links";
import {
  countCharacters,
  fileSize,
  formatPhone,
  initials,
  largeEmoji,
  markDigits,
  markPhrase,
  markWords,
  mayHoldLink,
  plainName,
} from "./text";

describe("splitLinks", () => {
  it.each([
    ["veja https://a.com.br.", ["https://a.com.br"]],
    ["(http://a.com/x)", ["http://a.com/x"]],
    ["https://pt.wikipedia.org/wiki/A_(b)", ["https://pt.wikipedia.org/wiki/A_(b)"]],
    ["javascript:alert(1)", []],
    ["data:text/html,https", []],
    ['https://a.com/"><script>alert(1)</script>', ["https://a.com/"]],
    ["https://user:pass@mal.com", []],
    ["ftp://a.com", []],
    ["file:///etc/passwd vbscript:msgbox intent://a.com#Intent;end", []],
    ["www.a.com.br/x e loja.com", ["www.a.com.br/x", "loja.com"]],
    ["Combinado.Me avise, ok.Vamos", []],
    ["escreva a ana@a.com.br", ["ana@a.com.br"]],
    ["mailto:ana@a.com.br", ["mailto:ana@a.com.br"]],
    ["ligue tel:+551140001234", ["tel:+551140001234"]],
    ["https://a.com\u202egro.live/x", []],
    ["https://a\u200b.com/x", []],
    ["https://ação.com.br/é", ["https://ação.com.br/é"]],
  ])("%s", (text, links) => {
    const pieces = splitLinks(text);
    expect(pieces.filter((piece) => piece.kind === "link").map((piece) => piece.text)).toEqual(
      links,
    );
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    expect(pieces.some((piece) => piece.kind === "link") && !mayHoldLink(text)).toBe(false);
  });

  it("leads only where it is safe", () => {
    const hrefs = splitLinks(
      "HTTPS://A.com javascript://a.com/%0aalert(1) ana@a.br tel:11 4000",
    ).map((piece) => (piece.kind === "link" ? new URL(piece.href).protocol : null));
    expect(hrefs.filter((one) => one !== null)).toEqual(["https:", "mailto:"]);
  });

  it("reads the longest text at once", () => {
    const began = performance.now();
    splitLinks("a.b@".repeat(1024));
    splitLinks("http://".repeat(600));
    expect(performance.now() - began).toBeLessThan(500);
  });
});

it.each([
  ["❤️", 1],
  ["👍🏽 👨‍👩‍👧 🇧🇷", 3],
  ["👍👍👍👍", 0],
  ["1️⃣", 1],
  ["12", 0],
  ["oi 👍", 0],
  ["", 0],
  ["\u200d", 0],
])("shows %s large: %i", (text, count) => {
  expect(largeEmoji(text)).toBe(count);
});

it("shows a file's name as it really reads", () => {
  expect(plainName("conta\u202efdp.exe")).toBe("contafdp.exe");
  expect(plainName("família 👨‍👩‍👧.pdf")).toBe("família 👨‍👩‍👧.pdf");
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_400_000, "1,4 MB"],
  [100 * 1024 * 1024, "105 MB"],
])("tells %i bytes as %s", (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
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

it.each([
  ["Não há AÇÃO, ação.", "acao", "Não há [AÇÃO], [ação]."],
  ["bom  dia", "bom dia", "[bom  dia]"],
  ["e\u0301 aqui", "é", "[e\u0301] aqui"],
  ["nada", "x", "nada"],
  ["aaa", "aa", "[aa]a"],
])("FIND-2: marks in «%s» every «%s»", (text, phrase, marked) => {
  const parts = markPhrase(text, phrase);
  expect(parts.map((part) => (part.hit ? `[${part.text}]` : part.text)).join("")).toBe(marked);
});
