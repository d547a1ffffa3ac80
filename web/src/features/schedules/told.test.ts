import { describe, expect, it } from "vitest";
import { addSentences, i18next } from "~/i18n";
import { panel } from "~/i18n/panel";
import type { Schedule } from "~/lib/api/types";
import { isToCome, stateOf, whyOf } from "./told";

addSentences("panel", panel);
const words = i18next.getFixedT("pt-BR", "panel");
const common = i18next.getFixedT("pt-BR");
const NOW = Date.parse("2026-11-24T15:00:00Z"); // noon in São Paulo

const one = (facts: Partial<Schedule>): Schedule => ({
  schedule_id: "s1",
  version: 1,
  chat_id: "a",
  contact_name: "Bia",
  channel: "whatsapp",
  kind: "message",
  due_at: "2026-11-24T17:30:00Z",
  name: "lembrete",
  language: "pt_BR",
  values: {},
  opens: false,
  flow_id: null,
  state: "pending",
  reason: null,
  lacks: [],
  by: "ana",
  by_name: "Ana",
  created_at: "2026-11-24T12:00:00Z",
  done_at: null,
  ...facts,
});

describe("what is said of something scheduled (SCH-3, SCH-4, SCH-5)", () => {
  it.each([
    [{}, "Sai hoje às 14:30"],
    [{ due_at: "2026-11-25T12:00:00Z" }, "Sai amanhã às 09:00"],
    [{ due_at: "2026-12-31T12:30:00Z" }, "Sai em 31/12/2026 09:30"],
    [{ due_at: "2026-11-24T15:00:00Z" }, "Saindo…"],
    [
      { state: "held", due_at: "2026-11-24T14:50:00Z" },
      "Aguardando o desbloqueio até hoje às 12:20",
    ],
    [{ state: "done", done_at: "2026-11-24T17:30:02Z" }, "Enviado em 24/11/2026 14:30"],
    [
      { state: "done", kind: "flow", done_at: "2026-11-24T17:30:02Z" },
      "Disparado em 24/11/2026 14:30",
    ],
    [{ state: "not_sent", reason: "contact_blocked" }, "Não enviado: o contato está bloqueado"],
    [
      { state: "not_sent", reason: "variable_empty", lacks: ["nome", "cpf"] },
      "Não enviado: há uma variável vazia ({nome}, {cpf})",
    ],
    [{ state: "removed" }, "Excluído"],
  ] as [Partial<Schedule>, string][])("%j reads «%s»", (facts, said) => {
    expect(stateOf(one(facts), NOW, words, common)).toBe(said);
  });

  it("only what is pending or held may still go out", () => {
    const states = ["pending", "held", "done", "not_sent", "removed"] as const;
    expect(states.filter((state) => isToCome(one({ state })))).toEqual(["pending", "held"]);
  });

  it("a reason of a newer server is said generally", () => {
    expect(whyOf(one({ state: "not_sent", reason: null }), common)).toBe("verifique o agendamento");
  });
});
