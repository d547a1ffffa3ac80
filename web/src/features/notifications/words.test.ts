/** What entries and decisions say, and how a count is drawn. */

import { describe, expect, it } from "vitest";
import { addSentences, i18next } from "~/i18n";
import { notifications } from "~/i18n/notifications";
import type { BellEntry, Decision, Notifications } from "~/lib/api/types";
import { answersOf } from "./answers";
import { withCount } from "./badge";
import { countUnseen } from "./bell";
import { allSeen, withBack, without } from "./commands";
import { entryWords } from "./entries";

addSentences("notifications", notifications);
const words = i18next.getFixedT("pt-BR", "notifications");
const common = i18next.getFixedT("pt-BR", "translation");

function anEntry(id: string, facts: Partial<BellEntry> = {}): BellEntry {
  return {
    id,
    kind: "message",
    chat_id: "a",
    name: "Bia",
    channel: "whatsapp",
    text: "Oi",
    text_kind: "text",
    department_id: null,
    at: `2026-11-23T12:00:0${id}.000Z`,
    seen: false,
    ...facts,
  };
}

describe("NOTIF-2: an entry says what happened", () => {
  it.each<[Partial<BellEntry>, string, string]>([
    [{}, "Nova mensagem", "Oi"],
    [{ text: "", text_kind: "audio" }, "Nova mensagem: Áudio", ""],
    [{ text: "A conta", text_kind: "image" }, "Nova mensagem: Imagem", "A conta"],
    [{ text: "Sim", text_kind: "choice" }, "Nova mensagem", "Sim"],
    [{ text: "", text_kind: "choice" }, "Nova mensagem: Resposta escolhida", ""],
    [{ text: "Oi", text_kind: null }, "Mensagem apagada", ""],
    [{ kind: "assignment", text: "" }, "Atendimento encaminhado para você", ""],
    [
      { kind: "assignment", text: "", department_id: "d" },
      "Atendimento encaminhado para o departamento Vendas",
      "",
    ],
    [{ kind: "note", text: "Ligar", text_kind: null }, "Observação", "Ligar"],
    [{ kind: "appointment", text: "Visita", text_kind: null }, "Lembrete", "Visita"],
  ])("%o", (facts, lead, text) => {
    const said = entryWords(anEntry("1", facts), () => "Vendas", words, common);
    expect(said).toEqual({ lead, text });
  });
});

describe("the bell", () => {
  const bell: Notifications = {
    entries: [anEntry("3"), anEntry("2", { seen: true }), anEntry("1")],
    newest: "3",
    muted: false,
  };
  const ids = (told: Notifications) => told.entries.map((entry) => entry.id);

  it("counts what was not looked at", () => {
    expect(countUnseen(undefined)).toBe(0);
    expect(countUnseen(bell)).toBe(2);
    expect(countUnseen(allSeen(bell))).toBe(0);
  });

  it("puts back what was taken away where it stood, and nothing twice", () => {
    const [, second] = bell.entries;
    const rest = without(bell, ["2"]);
    expect(ids(rest)).toEqual(["3", "1"]);
    expect(ids(withBack(rest, second ? [second] : []))).toEqual(["3", "2", "1"]);
    expect(ids(withBack(bell, bell.entries))).toEqual(["3", "2", "1"]);
  });
});

describe("NOTIF-7: why somebody was told, or not", () => {
  const told = { told: true, because: "told" } as const;
  const decision = (facts: Partial<Decision>) =>
    ({ bell: told, sound: told, push: { ...told, outcome: null }, ...facts }) as Decision;

  it("says yes in each way's own words", () => {
    expect(answersOf(decision({}), words)).toEqual([
      { way: "bell", told: true, words: "Sim: está na lista do sino." },
      { way: "sound", told: true, words: "Sim: o som foi enviado às suas páginas abertas." },
      { way: "push", told: true, words: "Sim: a notificação está sendo enviada." },
    ]);
  });

  it("says no with the reason", () => {
    const [, sound] = answersOf(
      decision({ sound: { told: false, because: "chat_page_visible" } }),
      words,
    );
    expect(sound).toEqual({
      way: "sound",
      told: false,
      words: "Não: a página do Chat estava visível.",
    });
  });

  it.each([
    ["sent", true],
    ["withdrawn", false],
    ["no_device", false],
    ["failed", false],
  ] as const)("a push that was decided and then «%s»", (outcome, arrived) => {
    const [, , push] = answersOf(decision({ push: { ...told, outcome } }), words);
    expect(push).toEqual({
      way: "push",
      told: arrived,
      words: notifications.decisions.outcomes[outcome],
    });
  });
});

describe("the count on the page's sign", () => {
  const SIGN = '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>\n';
  it.each([
    [1, ">1</text>"],
    [9, ">9</text>"],
    [10, ">9+</text>"],
  ])("%d", (count, shown) => {
    const drawn = withCount(SIGN, count);
    expect(drawn).toContain(shown);
    expect(drawn).toMatch(/^<svg .*<rect\/>.*<\/svg>$/);
  });
});
