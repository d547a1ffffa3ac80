/** What the panel decides without drawing: wishes for tags, values of fields, rights, closings. */

import { describe, expect, it } from "vitest";
import type { Contact, Field } from "~/lib/api/types";
import { draftOf, linkOf, showCpf, showValue, valueFrom, wrongFields } from "~/lib/fieldValues";
import { aChat, aMe, aRow } from "../live/builders";
import { aContact, aField } from "./builders";
import { closingValues, missingOf } from "./closing";
import { draftsOf, editsOf } from "./editing";
import { blockRight, isSomeoneElses } from "./rights";
import { afterWishes, withoutMet } from "./tagWishes";

const answers = { yes: "Sim", no: "Não" };

describe("tags as they were clicked (INFO-5)", () => {
  it("are added last and removed at once", () => {
    expect(afterWishes(["a", "b"], { b: false, c: true })).toEqual(["a", "c"]);
  });

  it("are not added twice, nor removed from where they are not", () => {
    expect(afterWishes(["a"], { a: true, z: false })).toEqual(["a"]);
  });

  it("a wish is forgotten once the chat says the same", () => {
    expect(withoutMet({ a: true, b: false, c: true }, ["a"])).toEqual({ c: true });
    const open = { c: true };
    expect(withoutMet(open, ["a"])).toBe(open);
  });
});

describe("values of fields (INFO-2)", () => {
  it.each([
    ["number", "-1234.5", "-1234,5"],
    ["date", "2026-11-24", "24/11/2026"],
    ["phone", "5511980000001", "+55 11 98000-0001"],
    ["choices", ["Azul", "Verde"], "Azul, Verde"],
    ["yes_no", false, "Não"],
    ["yes_no", true, "Sim"],
    ["text", "João", "João"],
    [null, "de um campo excluído", "de um campo excluído"],
  ] as const)("%s %j is shown as people say it", (kind, value, words) => {
    expect(showValue(kind, value as never, answers)).toBe(words);
  });

  it.each([
    ["12345678909", "123.456.789-09"],
    ["•••.•••.•••-09", "•••.•••.•••-09"],
  ])("the CPF %s reads %s", (cpf, words) => {
    expect(showCpf(cpf)).toBe(words);
  });

  it("only a web address becomes a link", () => {
    expect(linkOf("url", "https://a.br/x")).toBe("https://a.br/x");
    expect(linkOf("url", "javascript:alert(1)")).toBeNull();
    expect(linkOf("text", "https://a.br")).toBeNull();
  });

  it("blanks say nothing, and «não» says something", () => {
    expect([valueFrom("  "), valueFrom([]), valueFrom(null)]).toEqual([null, null, null]);
    expect(valueFrom(false)).toBe(false);
  });

  it("a number is put before who edits it with a comma, a phone as people read it", () => {
    expect(draftOf("number", "10.25")).toBe("10,25");
    expect(draftOf("phone", "5511980000001")).toBe("+55 11 98000-0001");
    expect(draftOf("text", undefined)).toBeNull();
  });

  it("a refusal names each field by the last word of its path", () => {
    const fields = [
      { path: "system.cpf", reason: "cpf_invalid" },
      { path: "fields.f1", reason: "required" },
      { path: 3, reason: null },
    ];
    expect(wrongFields({ fields })).toEqual({ cpf: "cpf_invalid", f1: "required" });
    expect(wrongFields({})).toEqual({});
  });
});

describe("what is sent of an edited contact (INFO-2)", () => {
  const fields: Field[] = [
    aField("f1", { kind: "number" }),
    aField("f2", { kind: "choices", options: ["A", "B"] }),
  ];
  const contact: Contact = aContact("a", {
    system: {
      birth_date: "1990-12-31",
      cpf: "12345678909",
      rg: null,
      customer_code: null,
      email: null,
    },
    fields: { f1: "10.5", f2: ["A"] },
  });
  const before = draftsOf(contact, fields);

  it("nothing, when nothing was changed", () => {
    expect(editsOf(before, { ...before, rg: "  " }, fields)).toBeNull();
  });

  it("only what was changed; what was emptied as null", () => {
    const after = { ...before, birth_date: "", email: "a@b.br", f1: "11", f2: [] };
    expect(editsOf(before, after, fields)).toEqual({
      system: { birth_date: null, email: "a@b.br" },
      fields: { f1: "11", f2: null },
    });
  });

  it("SES-4: the message of the session's end, emptied when the general one is to hold", () => {
    const own = draftsOf({ ...contact, session_farewell: "Tchau" }, fields);
    expect(editsOf(own, { ...own }, fields)).toBeNull();
    expect(editsOf(own, { ...own, session_farewell: " " }, fields)).toEqual({
      session_farewell: "",
    });
    expect(editsOf(before, { ...before, session_farewell: "Até!" }, fields)).toEqual({
      session_farewell: "Até!",
    });
  });

  it("never a masked CPF or RG", () => {
    const masked = draftsOf({ ...contact, masked: true }, fields);
    expect(masked).not.toHaveProperty("cpf");
    expect(editsOf(masked, { ...masked, cpf: "1", rg: "2" }, fields)).toBeNull();
  });
});

describe("fields asked at closing (CLOSE-6)", () => {
  const asked = [
    aField("must", { at_closing: "required" }),
    aField("may", { at_closing: "optional" }),
    aField("other", { at_closing: "optional" }),
  ];

  it("a required one needs something typed now", () => {
    expect(missingOf(asked, { must: "   " })).toEqual({ must: "required" });
    expect(missingOf(asked, { must: false })).toEqual({});
  });

  it("an empty optional one stays unless «Excluir valor atual» is ticked", () => {
    expect(closingValues(asked, { must: "sim" }, new Set(["may"]))).toEqual({
      must: "sim",
      may: null,
    });
  });

  it("what is typed wins over the tick, and a required one is never removed", () => {
    expect(closingValues(asked, { may: "x" }, new Set(["may", "must"]))).toEqual({ may: "x" });
  });
});

describe("what the viewer may do", () => {
  const now = Date.parse("2026-11-23T12:00:00.000Z");
  const me = (...permissions: string[]) => {
    const viewer = aMe();
    return { ...viewer, agent: { ...viewer.agent, permissions } };
  };

  it.each([
    ["nobody's", null, [], false],
    ["one's own", "ana", [], false],
    ["someone else's", "bruno", [], true],
    ["someone else's, with permission 5", "bruno", ["5"], false],
  ] as const)("PERM-1: forwarding %s chat", (_, agent_id, permissions, locked) => {
    const chat = aChat("a", { row: aRow("a", { agent_id }) });
    expect(isSomeoneElses(chat, me(...permissions))).toBe(locked);
  });

  const heard = "2026-11-23T12:00:01.000Z";
  it.each([
    ["without the permission", [], heard, false, "noPermission"],
    ["a second before the 24 hours end", ["blocking"], heard, false, "may"],
    ["when they end", ["blocking"], "2026-11-23T12:00:00.000Z", false, "nothingHeard"],
    ["who never wrote", ["blocking"], null, false, "nothingHeard"],
    ["blocked already: unblocking asks for nothing", ["blocking"], null, true, "may"],
  ] as const)("BLOCK-1: blocking %s", (_, permissions, blockable_until, blocked, right) => {
    const chat = aChat("a", { row: aRow("a", { blocked }), blockable_until });
    expect(blockRight(chat, me(...permissions), now)).toBe(right);
  });
});
