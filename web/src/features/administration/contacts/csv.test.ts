/** Lists of contacts as they come: ADM-3. */

import { describe, expect, it } from "vitest";
import { contactsOf, csvOf, decoded, guess, looksLikePhone, parse, separatorOf } from "./csv";

const cells = (text: string) => parse(text).lines.map((line) => line.cells);

describe("ADM-3: a list is read", () => {
  it.each([
    ["semicolons", "Maria;11 98765-4321\nJoão;11 91234-5678", ";"],
    ["commas", "Maria,11987654321\nJoão,11912345678", ","],
    ["tabs", "Maria\t11987654321\nJoão\t11912345678", "\t"],
    ["commas in names, semicolons between", "Silva, Maria;119\nSouza, João;118", ";"],
    ["quoted separators", '"Silva; Maria",119\n"Souza; João",118', ","],
    ["one column", "Maria\nJoão", ";"],
  ])("separated by %s", (_, text, separator) => {
    expect(separatorOf(text)).toBe(separator);
  });

  it.each([
    ["quotes", '"Maria ""Mari"" Silva";119', [['Maria "Mari" Silva', "119"]]],
    [
      "a line break in quotes",
      '"Maria\nSilva";119\nJoão;118',
      [
        ["Maria\nSilva", "119"],
        ["João", "118"],
      ],
    ],
    [
      "Windows line ends",
      "Maria;119\r\nJoão;118\r\n",
      [
        ["Maria", "119"],
        ["João", "118"],
      ],
    ],
    [
      "old Macintosh line ends",
      "Maria;119\rJoão;118",
      [
        ["Maria", "119"],
        ["João", "118"],
      ],
    ],
    ["a mark at the beginning", "\ufeffMaria;119", [["Maria", "119"]]],
    [
      "blank lines",
      "\n\nMaria;119\n ; \n\nJoão;118\n",
      [
        ["Maria", "119"],
        ["João", "118"],
      ],
    ],
    ["a quote in the middle", 'Maria "Mari";119', [['Maria "Mari"', "119"]]],
    ["blanks around", "  Maria ; 119 ", [["Maria", "119"]]],
    ["the separator told by Excel", "sep=,\nMaria,119", [["Maria", "119"]]],
    ["nothing", "", []],
    ["an emoji", "Zé 🎉;119", [["Zé 🎉", "119"]]],
  ])("with %s", (_, text, expected) => {
    expect(cells(text)).toEqual(expected);
  });

  it("a quote that never ends takes in no other line", () => {
    expect(cells('"Ana";117\n"Maria;119\nJoão;118')).toEqual([
      ["Ana", "117"],
      ['"Maria', "119"],
      ["João", "118"],
    ]);
  });

  it("lines keep their numbers in the file", () => {
    const sheet = parse('Nome;Telefone\n\n"Maria\nSilva";119\n\nJoão;118');
    expect(contactsOf(sheet, guess(sheet)).map((one) => one.line)).toEqual([3, 6]);
  });

  it.each([
    ["UTF-8", [0x4a, 0x6f, 0xc3, 0xa3, 0x6f]],
    ["UTF-8 with its mark", [0xef, 0xbb, 0xbf, 0x4a, 0x6f, 0xc3, 0xa3, 0x6f]],
    ["Windows-1252", [0x4a, 0x6f, 0xe3, 0x6f]],
    ["UTF-16", [0xff, 0xfe, 0x4a, 0, 0x6f, 0, 0xe3, 0, 0x6f, 0]],
  ])("written in %s", (_, bytes) => {
    expect(decoded(new Uint8Array(bytes)).replace(/^\ufeff/, "")).toBe("João");
  });
});

describe("ADM-3: columns are found", () => {
  it.each([
    ["by heading", "Telefone;Nome\n11987654321;Maria", { header: true, name: 1, phone: 0 }],
    [
      "by heading, among others",
      "id;Cliente;e-mail;Celular\n1;Maria;m@x.com;11987654321",
      { header: true, name: 1, phone: 3 },
    ],
    [
      "without a heading",
      "Maria;11987654321\nJoão;11912345678",
      { header: false, name: 0, phone: 1 },
    ],
    ["phones first", "11987654321;Maria\n11912345678;João", { header: false, name: 1, phone: 0 }],
    [
      "a heading that says nothing known",
      "A;B\nMaria;11987654321",
      { header: true, name: 0, phone: 1 },
    ],
    ["one line", "Maria;11987654321", { header: false, name: 0, phone: 1 }],
    [
      "a number of a document is no phone",
      "Maria;12345;11987654321",
      { header: false, name: 0, phone: 2 },
    ],
  ])("%s", (_, text, expected) => {
    expect(guess(parse(text))).toEqual(expected);
  });

  it.each([
    ["11987654321", true],
    ["+55 (11) 98765-4321", true],
    ["98765-4321", true],
    ["Maria", false],
    ["1234567", false],
    ["rua 11987654321", false],
    ["", false],
  ])("«%s» looks like a phone: %s", (text, expected) => {
    expect(looksLikePhone(text)).toBe(expected);
  });
});

it.each([
  [[["Maria", 1]], "Maria;1"],
  [[['a "b"; c']], '"a ""b""; c"'],
  [[["=1+1"]], "'=1+1"],
  [[["+55 11 98765-4321"]], "+55 11 98765-4321"],
  [[["a"], ["b"]], "a\r\nb"],
])("a file is written that spreadsheets read as text", (rows, expected) => {
  expect(csvOf(rows)).toBe(expected);
});
