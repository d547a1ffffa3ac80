// @vitest-environment jsdom
/** The balloons, as an agent meets them. */

import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import type { LineName, Message, SystemLine } from "~/lib/api/types";
import { aMe, aMessage } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { Balloon } from "./Balloon";

const desk = {
  subscribe: () => () => {},
  getSnapshot: () => ({ disconnected: false, outbox: [] }),
  sendText: vi.fn(),
  retry: vi.fn(),
};

const jump = vi.fn();

function Around({ children }: { children: ReactNode }) {
  const me = aMe();
  return (
    <MantineProvider env="test">
      <DeskContext value={deskAndMe(desk as unknown as Desk, me, null)}>{children}</DeskContext>
    </MantineProvider>
  );
}

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
});
beforeEach(() => {
  sessionStorage.clear();
  vi.clearAllMocks();
});
afterEach(cleanup);

describe("a balloon", () => {
  const balloon = (fields: Partial<Message>) =>
    render(
      <Balloon
        message={aMessage("1", { text: "oi", ...fields })}
        outgoing={null}
        chatId="a"
        contact="Bia"
        jump={jump}
      />,
      { wrapper: Around },
    );

  it("shows hostile text as text, and only safe links as links", async () => {
    const { container } = balloon({
      author_name: "<img src=x onerror=alert(1)>",
      text: "<script>alert(1)</script> javascript:alert(1) https://a.com \u202Eoriginal",
    });
    expect(container.querySelector("script, img")).toBeNull();
    await screen.findByRole("link");
    const links = [...container.querySelectorAll("a")];
    expect(links.map((link) => link.href)).toEqual(["https://a.com/"]);
    expect(links[0]?.rel).toBe("noopener noreferrer");
    expect(screen.getByTestId("message-text").dir).toBe("auto");
  });

  it.each([
    ["queued", "Na fila"],
    ["sent", "Enviada"],
    ["delivered", "Entregue"],
    ["read", "Lida"],
  ] as const)("CHAT-4: says that it is %s in words too", (status, words) => {
    balloon({ author: "agent", agent_id: "ana", status });
    expect(screen.getByTestId("message-status").getAttribute("aria-label")).toBe(words);
  });

  it("names the contact and the agent when the message does not", () => {
    balloon({ author_name: null });
    expect(screen.getByText("Bia")).toBeTruthy();
    balloon({ author: "agent", author_name: null, agent_id: "ana" });
    expect(screen.getByText("Ana")).toBeTruthy();
  });

  it.each<[source: Message["source"], fields: Partial<Message>, name: string]>([
    ["flow", { author_name: null, agent_id: null }, "Chatbot"],
    ["flow", { author_name: null, agent_id: null, kind: "menu" }, "Chatbot"],
    ["session", { author_name: "Ana", agent_id: "ana" }, "Mensagem automática"],
    ["session", { author_name: null, agent_id: null }, "Mensagem automática"],
    ["schedule", { author_name: "Ana", agent_id: "ana" }, "Anaagendada"],
    [null, { author_name: "Ana", agent_id: "ana" }, "Ana"],
    ["flow", { author_name: "Ana", agent_id: "ana", retry_of: "0" }, "AnaNova tentativa"],
  ])("CHAT-1: of source %s it says whose it is: %o", (source, fields, name) => {
    balloon({ author: "agent", source, ...fields });
    const shown = screen.getByTestId("message");
    expect(shown.querySelector("p")?.textContent).toBe(name);
  });

  it("INB-5: an unknown kind is a placeholder with the provider's word", () => {
    balloon({ kind: "unsupported", raw_kind: "poll_creation", text: "" });
    expect(screen.getByText("Mensagem não suportada (poll_creation)")).toBeTruthy();
  });
});

describe("a failed message (CHAT-5, CHAT-6)", () => {
  const failed = async (fields: Partial<Message>) => {
    const { default: FailureCard } = await import("./FailureCard");
    const message = aMessage("1", { author: "agent", agent_id: "ana", text: "oi", ...fields });
    render(<FailureCard message={message} chatId="a" ask={ask} />, { wrapper: Around });
  };
  const ask = vi.fn();

  it("says code, cause and next step, and tries again at once", async () => {
    await failed({ status: "failed", failure: { code: 190, title: "OAuth", details: null } });
    expect(screen.getByTestId("failure-code").textContent).toBe("Código 190");
    expect(screen.getByText("Error validating access token")).toBeTruthy();
    expect(screen.getByText(/«Token de Acesso»/)).toBeTruthy();
    fireEvent.click(screen.getByTestId("retry"));
    expect(desk.retry).toHaveBeenCalledExactlyOnceWith("a", "1", "oi");
  });

  it("asks first when it may have arrived", async () => {
    await failed({ status: "unknown" });
    fireEvent.click(screen.getByTestId("retry"));
    expect(desk.retry).not.toHaveBeenCalled();
    expect(ask).toHaveBeenCalledOnce();
    const { default: ConfirmRetry } = await import("./ConfirmRetry");
    const message = aMessage("1", { text: "oi", status: "unknown" });
    render(<ConfirmRetry message={message} chatId="a" close={() => {}} />, { wrapper: Around });
    fireEvent.click(screen.getByTestId("retry-confirm"));
    expect(desk.retry).toHaveBeenCalledExactlyOnceWith("a", "1", "oi");
  });

  it("offers no second retry", async () => {
    await failed({ status: "failed", retried_by: "2" });
    expect(screen.queryByTestId("retry")).toBeNull();
  });
});

describe("a system line (CHAT-3)", () => {
  const line = (code: LineName, fields: Partial<SystemLine> = {}) =>
    balloon({
      kind: "system",
      author: "system",
      text: "",
      line: { code, by: "ana", by_name: "Ana", subject: "7", subject_name: "Suporte", ...fields },
    });
  const balloon = (fields: Partial<Message>) =>
    render(
      <Balloon
        message={aMessage("1", fields)}
        outgoing={null}
        chatId="a"
        contact="Bia"
        jump={jump}
      />,
      { wrapper: Around },
    );
  const words = () => screen.getByTestId("system-line").textContent;
  const SENTENCES: Record<LineName, [byHand: string, alone: string]> = {
    took: ["Ana assumiu a conversa", "Conversa assumida por Suporte"],
    assigned_to_agent: [
      "Ana encaminhou a conversa para Suporte",
      "Conversa encaminhada para Suporte",
    ],
    assigned_to_department: [
      "Ana encaminhou a conversa para o departamento Suporte",
      "Conversa encaminhada para o departamento Suporte",
    ],
    closed: ["Ana encerrou o atendimento 7", "Atendimento 7 encerrado"],
    blocked: ["Ana bloqueou o contato", "Contato bloqueado"],
    unblocked: ["Ana desbloqueou o contato", "Contato desbloqueado"],
    number_changed: ["O contato mudou de número: Suporte", "O contato mudou de número: Suporte"],
    marketing_stopped: [
      "O contato não quer mais receber mensagens de marketing",
      "O contato não quer mais receber mensagens de marketing",
    ],
    marketing_resumed: [
      "O contato voltou a aceitar mensagens de marketing",
      "O contato voltou a aceitar mensagens de marketing",
    ],
    control_lost: [
      "Outro aplicativo passou a atender esta conversa",
      "Outro aplicativo passou a atender esta conversa",
    ],
    control_gained: [
      "Esta conversa voltou a ser atendida por aqui",
      "Esta conversa voltou a ser atendida por aqui",
    ],
    closed_on_time: [
      "O atendimento 7 foi encerrado na hora marcada por Ana",
      "O atendimento 7 foi encerrado na hora marcada",
    ],
    closed_with_session: [
      "O atendimento 7 foi encerrado com o fim da sessão",
      "O atendimento 7 foi encerrado com o fim da sessão",
    ],
    closed_by_flow: [
      "O atendimento 7 foi encerrado pelo fluxo",
      "O atendimento 7 foi encerrado pelo fluxo",
    ],
    closing_scheduled: [
      "Ana agendou o encerramento para 23/11/2026 09:00",
      "Encerramento agendado para 23/11/2026 09:00",
    ],
    closing_cancelled: [
      "Ana cancelou o encerramento agendado",
      "O contato respondeu: o encerramento agendado foi cancelado",
    ],
    message_scheduled: [
      "Ana agendou a mensagem Suporte para 23/11/2026 09:00",
      "Mensagem Suporte agendada para 23/11/2026 09:00",
    ],
    flow_scheduled: [
      "Ana agendou o fluxo Suporte para 23/11/2026 09:00",
      "Fluxo Suporte agendado para 23/11/2026 09:00",
    ],
    schedule_changed: [
      "Ana mudou o agendamento de Suporte para 23/11/2026 09:00",
      "Agendamento de Suporte mudado para 23/11/2026 09:00",
    ],
    schedule_removed: [
      "Ana excluiu o agendamento de Suporte para 23/11/2026 09:00",
      "Agendamento de Suporte para 23/11/2026 09:00 excluído",
    ],
    schedule_restored: [
      "Ana restaurou o agendamento de Suporte",
      "Agendamento de Suporte restaurado",
    ],
    schedule_not_sent: [
      "O agendamento de Suporte não foi enviado: o contato está bloqueado",
      "O agendamento de Suporte não foi enviado: o contato está bloqueado",
    ],
    session_farewell_not_sent: [
      "A mensagem de fim da sessão não foi enviada. Sem valor: Suporte",
      "A mensagem de fim da sessão não foi enviada. Sem valor: Suporte",
    ],
    send_unknown: [
      "Ainda não se sabe se uma mensagem enviada chegou ao contato",
      "Ainda não se sabe se uma mensagem enviada chegou ao contato",
    ],
    flow_started: ["Ana encaminhou a conversa para o fluxo Suporte", "O fluxo Suporte começou"],
    flow_template_gone: [
      "--- Mensagem template não enviada, verifique o fluxo ---",
      "--- Mensagem template não enviada, verifique o fluxo ---",
    ],
    flow_session_closed: [
      "O fluxo parou: a sessão terminou e só uma mensagem template pode ser enviada",
      "O fluxo parou: a sessão terminou e só uma mensagem template pode ser enviada",
    ],
    flow_variable_empty: [
      "O fluxo parou: a variável Suporte está vazia",
      "O fluxo parou: a variável Suporte está vazia",
    ],
    flow_loop: [
      "O fluxo parou: ele dá voltas sem esperar pelo contato, verifique o fluxo",
      "O fluxo parou: ele dá voltas sem esperar pelo contato, verifique o fluxo",
    ],
    flow_gone: [
      "O fluxo parou: Suporte não existe mais, verifique o fluxo",
      "O fluxo parou: Suporte não existe mais, verifique o fluxo",
    ],
    flow_unanswered: [
      "O fluxo parou: o contato não deu uma resposta válida",
      "O fluxo parou: o contato não deu uma resposta válida",
    ],
    appointment_booked: [
      "Ana marcou o compromisso Suporte para 23/11/2026 09:00",
      "Compromisso Suporte marcado para 23/11/2026 09:00",
    ],
  };

  const PROTOCOL = { subject: "7", subject_name: null };
  const AT = { subject: "2026-11-23T12:00:00.000Z" };
  const SUBJECTS: Partial<Record<LineName, Partial<SystemLine>>> = {
    closed: PROTOCOL,
    closed_on_time: PROTOCOL,
    closed_with_session: PROTOCOL,
    closed_by_flow: PROTOCOL,
    closing_scheduled: { ...AT, subject_name: "keep" },
    message_scheduled: AT,
    flow_scheduled: AT,
    schedule_changed: AT,
    schedule_removed: AT,
    schedule_not_sent: { subject: "contact_blocked" },
    appointment_booked: AT,
  };

  it.each(Object.keys(SENTENCES) as LineName[])("%s has its sentences", (code) => {
    const subject = SUBJECTS[code] ?? {};
    const [byHand, alone] = SENTENCES[code];
    line(code, subject);
    expect(words()).toContain(byHand);
    cleanup();
    line(code, { ...subject, by: null, by_name: null });
    expect(words()).toContain(alone);
  });

  it("says something of a code that only a newer server knows", () => {
    line("flew_away" as LineName);
    expect(words()).toContain("Aviso do sistema");
    cleanup();
    line("schedule_not_sent", { subject: "rained_off" });
    expect(words()).toContain("Suporte não foi enviado: verifique o agendamento");
  });

  it("is no balloon, and keeps each name to its own direction", () => {
    line("took", { by_name: "محمد" });
    expect(screen.queryByTestId("message")).toBeNull();
    expect(screen.getByTestId("system-line").querySelector("bdi")?.textContent).toBe("محمد");
  });
});
