// @vitest-environment jsdom
/** The panel's windows, as an agent meets them. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Chat, Contact, Field, Me } from "~/lib/api/types";
import { aChat, aMe, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { BlockSection } from "./BlockSection";
import { aContact, aField, aNote } from "./builders";
import { ContactSection } from "./ContactSection";
import { NotesSection } from "./NotesSection";
import { ServiceSection } from "./ServiceSection";
import { SessionSection } from "./SessionSection";
import { TagsSection } from "./TagsSection";
import Windows from "./Windows";
import type { Asked } from "./windows";

const NONE: never[] = [];
const desk = {
  assignAgent: vi.fn(),
  assignDepartment: vi.fn(),
  close: vi.fn(),
  cancelClosing: vi.fn(),
  setBlocked: vi.fn(),
  listeners: new Set<() => void>(),
  chat: null as Chat | null,
  subscribe(listener: () => void) {
    desk.listeners.add(listener);
    return () => desk.listeners.delete(listener);
  },
  getSnapshot: () => ({
    chatId: "a",
    state: { chat: desk.chat && { chat: desk.chat }, channels: NONE },
  }),
  /** The socket tells of another state of the chat. */
  tells(chat: Chat | null) {
    desk.chat = chat;
    act(() => {
      for (const listener of desk.listeners) listener();
    });
  },
};

const ACTIVE = { active: true, picture: null };
let me: Me;
let queries: QueryClient;
let contact: Contact;
let fields: Field[];

function Around({ children }: { children: ReactNode }) {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <DeskContext value={deskAndMe(desk as unknown as Desk, me, null)}>{children}</DeskContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** An answer that comes when the test says so. */
function later<T>() {
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<T>((_, refused) => {
    reject = refused;
  });
  return { promise, reject: (reason: Error) => reject(reason) };
}

const close = vi.fn();
const ask = vi.fn();
function open(asked: Asked, chat: Chat) {
  desk.chat = chat;
  return render(<Windows asked={asked} chatId="a" close={close} />, { wrapper: Around });
}
const press = (testId: string) => fireEvent.click(screen.getByTestId(testId));
const type = (testId: string, value: string) =>
  fireEvent.change(screen.getByTestId(testId), { target: { value } });
const refusal = (code: string, body: object = {}) =>
  new Refused(409, code as never, { code, ...body });

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as unknown as typeof ResizeObserver;
});
beforeEach(() => {
  localStorage.clear();
  vi.resetAllMocks();
  desk.listeners.clear();
  const viewer = aMe();
  me = {
    ...viewer,
    agent: { ...viewer.agent, farewell: "Até logo!", permissions: ["notes", "blocking"] },
    agents: [
      ...viewer.agents,
      { agent_id: "bruno", name: "Bruno", ...ACTIVE },
      { agent_id: "gone", name: "Gustavo", active: false, picture: null },
    ],
    departments: [
      { department_id: "s", name: "Suporte", active: true },
      { department_id: "p", name: "Parcerias", active: false },
    ],
  };
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  contact = aContact("a");
  fields = [];
  vi.spyOn(doors, "contact").mockImplementation(async () => contact);
  vi.spyOn(doors, "labels").mockImplementation(async () => ({
    tags: [
      { tag_id: "vip", name: "VIP", color: "violet" },
      { tag_id: "novo", name: "Novo", color: "blue" },
    ],
    fields,
    campaigns: [],
  }));
});
afterEach(cleanup);

describe("«Encaminhar para agente» and «Encaminhar para departamento»", () => {
  const choose = (name: string) => {
    type("finder-search", name);
    fireEvent.keyDown(screen.getByTestId("finder-search"), { key: "Enter" });
  };
  const title = () => screen.getByRole("dialog").querySelector("h2")?.textContent;

  it("ROUTE-1: lists the active agents alone, found without accents and case", () => {
    open({ window: "agent" }, aChat("a"));
    type("finder-search", "Gustavo");
    expect(screen.getByText("Nenhum agente ativo com este nome")).toBeTruthy();
    choose("BRÚ");
    expect(screen.getByTestId("assign-chosen").textContent).toBe("Bruno");
  });

  it.each([
    [null, "Tem certeza que deseja adicionar esse agente?"],
    ["ana", "Tem certeza que deseja alterar o agente?"],
  ])("ROUTE-1: with agent %s it asks «%s»", (agent_id, question) => {
    open({ window: "agent" }, aChat("a", { row: aRow("a", { agent_id }) }));
    choose("bruno");
    expect(title()).toBe(question);
  });

  it("ROUTE-2: asks in the page's words, and says who goes", () => {
    open({ window: "department" }, aChat("a", { row: aRow("a", { agent_id: "ana" }) }));
    choose("suporte");
    expect(title()).toBe("Tem certeza que deseja salvar esse departamento?");
    expect(screen.getByText("O agente Ana sai da conversa.")).toBeTruthy();
  });

  it("two clicks are one command, with the chat as the screen showed it", async () => {
    const chat = aChat("a");
    desk.assignAgent.mockResolvedValue({ chat });
    open({ window: "agent" }, chat);
    choose("bruno");
    press("assign-yes");
    press("assign-yes");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(desk.assignAgent).toHaveBeenCalledExactlyOnceWith(chat, "bruno");
  });

  it("a stale screen is told so, shows how it is now, and asks about that", async () => {
    desk.assignAgent.mockRejectedValue(refusal("moved_on"));
    open({ window: "agent" }, aChat("a"));
    choose("bruno");
    press("assign-yes");
    desk.tells(aChat("a", { rev: 2, row: aRow("a", { agent_id: "ana" }) }));
    await waitFor(() => screen.getByTestId("assign-failed"));
    expect(screen.getByTestId("assign-failed").textContent).toContain("Esta conversa mudou");
    expect(title()).toBe("Tem certeza que deseja alterar o agente?");
    expect(close).not.toHaveBeenCalled();
  });

  it("what somebody else does meanwhile is said before it is confirmed", () => {
    open({ window: "agent" }, aChat("a"));
    choose("bruno");
    desk.tells(aChat("a", { rev: 2, row: aRow("a", { department_id: "s" }) }));
    expect(screen.getByText(/mudou enquanto a janela estava aberta/)).toBeTruthy();
    expect(screen.getByText("O departamento Suporte sai da conversa.")).toBeTruthy();
  });

  it("closes when the chat is out of sight", () => {
    open({ window: "agent" }, aChat("a"));
    desk.tells(null);
    expect(close).toHaveBeenCalled();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("PERM-1: without permission 5 someone else's chat is not passed on, and the panel says why", () => {
    const row = aRow("a", { agent_id: "bruno" });
    render(<ServiceSection chat={aChat("a", { row })} ask={ask} />, { wrapper: Around });
    expect(screen.getByTestId("to-agent")).toHaveProperty("disabled", true);
    expect(screen.getByTestId("to-department")).toHaveProperty("disabled", true);
    expect(screen.getByTestId("forward-locked").textContent).toContain("permissão");
  });
});

describe("the closing window", () => {
  const attended = (more: Partial<Chat> = {}) => aChat("a", { protocol: "7", ...more });
  const ready = () =>
    waitFor(() => expect(screen.getByTestId("close-now")).toHaveProperty("disabled", false));
  const answers = (farewell: string) =>
    desk.close.mockImplementation(async (chat: Chat) => {
      desk.tells({ ...chat, protocol: null, rev: 2 });
      const lacks = farewell === "variable_empty" ? ["cpf"] : [];
      return { chat: desk.chat, farewell, farewell_lacks: lacks };
    });

  it("CLOSE-4: begins with the profile's farewell, which may be deleted", async () => {
    answers("none");
    open({ window: "close" }, attended());
    await ready();
    expect(screen.getByTestId("farewell")).toHaveProperty("value", "Até logo!");
    type("farewell", "  ");
    press("close-now");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    const body = { protocol: "7", farewell: "", fields: {}, minutes: null, on_reply: "keep" };
    expect(desk.close).toHaveBeenCalledExactlyOnceWith(expect.anything(), body);
  });

  const past = "2020-01-01T00:00:00.000Z";
  it.each<[string, Partial<Chat>, string]>([
    [
      "the session is shut",
      { session: { state: "expired", ends_at: past, human_until: null } },
      "não está aberta",
    ],
    ["the contact is blocked", { row: aRow("a", { blocked: true }) }, "está bloqueado"],
  ])("CLOSE-4: says before that nothing is sent when %s", async (_, more, words) => {
    answers("none");
    open({ window: "close" }, attended(more));
    await ready();
    expect(screen.getByTestId("farewell-shut").textContent).toContain(words);
    expect(screen.getByTestId("farewell")).toHaveProperty("disabled", true);
    press("close-now");
    await waitFor(() => expect(desk.close).toHaveBeenCalledOnce());
    expect(desk.close.mock.calls[0]?.[1]).toMatchObject({ farewell: "" });
  });

  it.each([
    ["session_closed", "a sessão não está aberta"],
    ["contact_blocked", "o contato está bloqueado"],
    ["variable_empty", "estas variáveis estão vazias: {cpf}"],
    ["too_long", "ficou longa demais para o canal"],
  ])("CLOSE-4: says afterwards when it was not sent: %s", async (farewell, words) => {
    answers(farewell);
    open({ window: "close" }, attended());
    await ready();
    press("close-now");
    await waitFor(() => screen.getByTestId("close-outcome"));
    expect(screen.getByTestId("close-outcome").textContent).toContain(words);
    expect(close).not.toHaveBeenCalled();
  });

  it("CLOSE-6: a required field must be given now; an optional one keeps its value unless ticked", async () => {
    fields = [
      aField("must", { name: "Motivo", at_closing: "required" }),
      aField("may", { name: "Nota", at_closing: "optional" }),
      aField("other", { name: "Outro", at_closing: "no" }),
      aField("old", { name: "Antigo", at_closing: "required", active: false }),
    ];
    contact = aContact("a", { fields: { must: "de antes", may: "10" } });
    answers("queued");
    open({ window: "close" }, attended());
    await ready();
    expect(screen.queryByTestId("asked-other")).toBeNull();
    expect(screen.queryByTestId("asked-old")).toBeNull();
    expect(screen.getByTestId("closing-must")).toHaveProperty("value", "");
    await waitFor(() => screen.getByText("Valor atual: de antes"));
    press("close-now");
    expect(desk.close).not.toHaveBeenCalled();
    expect(screen.getByText("Este campo é obrigatório.")).toBeTruthy();
    type("closing-must", "resolvido");
    press("drop-may");
    press("close-now");
    await waitFor(() => expect(desk.close).toHaveBeenCalledOnce());
    expect(desk.close.mock.calls[0]?.[1]).toMatchObject({
      fields: { must: "resolvido", may: null },
    });
  });

  it("CLOSE-6: «Excluir valor atual» is offered only while the optional field is empty", async () => {
    fields = [aField("may", { at_closing: "optional" })];
    open({ window: "close" }, attended());
    await ready();
    expect(screen.getByTestId("drop-may")).toBeTruthy();
    type("closing-may", "x");
    expect(screen.queryByTestId("drop-may")).toBeNull();
  });

  it("the server's reasons stand beside their fields", async () => {
    fields = [aField("n", { kind: "number", at_closing: "optional" })];
    const wrong = [{ path: "fields.n", reason: "not_a_number" }];
    desk.close.mockRejectedValue(refusal("invalid", { fields: wrong }));
    open({ window: "close" }, attended());
    await ready();
    type("closing-n", "muito");
    press("close-now");
    await waitFor(() => screen.getByText("Digite um número, como 1234,5."));
    expect(screen.getByTestId("close-failed").textContent).toBe("Confira os campos marcados.");
  });

  it("says so when somebody else has closed it meanwhile", async () => {
    open({ window: "close" }, attended());
    await ready();
    desk.tells(aChat("a", { rev: 2 }));
    expect(screen.getByTestId("close-outcome").textContent).toContain("já foi encerrado");
  });

  it("goes when the closing takes the chat out of sight", async () => {
    desk.close.mockImplementation(async () => {
      desk.tells(null);
      return { chat: null, farewell: "queued" };
    });
    open({ window: "close" }, attended());
    await ready();
    press("close-now");
    await waitFor(() => expect(close).toHaveBeenCalled());
  });
});

describe("a closing that is put off (CLOSE-2)", () => {
  const NOON = "2026-11-23T15:00:00.000Z"; // in São Paulo
  const until = (ends_at: string): Chat["session"] => ({
    state: "open",
    ends_at,
    human_until: null,
  });
  const attended = (more: Partial<Chat> = {}) =>
    aChat("a", { protocol: "7", session: until("2026-11-23T20:00:00.000Z"), ...more });
  const promised = (more: Partial<NonNullable<Chat["closing"]>> = {}) =>
    attended({
      closing: {
        at: "2026-11-23T15:30:00.000Z",
        on_reply: "keep",
        by: "ana",
        by_name: "Ana",
        ...more,
      },
    });
  const ready = () =>
    waitFor(() => expect(screen.getByTestId("close-now")).toHaveProperty("disabled", false));
  const words = (testId: string) => screen.getByTestId(testId).textContent;

  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse(NOON), toFake: ["Date"] });
    desk.close.mockImplementation(async () => {
      desk.tells(promised());
      return { chat: desk.chat, farewell: "none", farewell_lacks: [] };
    });
  });
  afterEach(() => vi.useRealTimers());

  it("asks what a reply does only once there are minutes, and says the day and the hour", async () => {
    open({ window: "close" }, attended());
    await ready();
    expect(screen.queryByText("Caso o usuário responda")).toBeNull();
    type("close-minutes", "90");
    expect(screen.getByText("Caso o usuário responda")).toBeTruthy();
    expect(screen.getByTestId("on-reply-keep")).toHaveProperty("checked", true);
    expect(words("close-at")).toContain("hoje às 13:30");
    type("close-minutes", "4320");
    expect(words("close-at")).toContain("26/11/2026 12:00");
    type("close-minutes", "");
    expect(screen.queryByText("Caso o usuário responda")).toBeNull();
  });

  it("sends what was chosen, and closes without a word more", async () => {
    open({ window: "close" }, attended());
    await ready();
    type("close-minutes", " 30 ");
    press("on-reply-cancel");
    press("close-now");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(desk.close).toHaveBeenCalledExactlyOnceWith(expect.anything(), {
      protocol: "7",
      farewell: "Até logo!",
      fields: {},
      minutes: 30,
      on_reply: "cancel",
    });
    expect(screen.queryByTestId("close-outcome")).toBeNull();
  });

  it.each(["0", "-5", "1,5", "dez", "43201"])("«%s» is no time", async (typed) => {
    open({ window: "close" }, attended());
    await ready();
    type("close-minutes", typed);
    press("close-now");
    expect(screen.getByText(/de 1 a 43200 minutos/)).toBeTruthy();
    expect(desk.close).not.toHaveBeenCalled();
    type("close-minutes", "43200");
    expect(screen.queryByText(/de 1 a 43200 minutos/)).toBeNull();
    press("close-now");
    await waitFor(() => expect(desk.close).toHaveBeenCalledOnce());
  });

  it("CLOSE-4: the farewell is judged by the session as it will be", async () => {
    open({ window: "close" }, attended());
    await ready();
    type("close-minutes", "299");
    expect(screen.queryByTestId("farewell-shut")).toBeNull();
    type("close-minutes", "300");
    expect(words("farewell-shut")).toContain("não estará aberta nessa hora");
    expect(screen.getByTestId("farewell")).toHaveProperty("disabled", false);
    press("close-now");
    await waitFor(() => expect(desk.close).toHaveBeenCalledOnce());
    expect(desk.close.mock.calls[0]?.[1]).toMatchObject({ farewell: "Até logo!" });
  });

  it("CLOSE-8: says that an earlier one is replaced", async () => {
    open({ window: "close" }, promised());
    await ready();
    expect(words("close-replaces")).toContain("hoje às 12:30");
  });

  it.each([
    ["keep", "Não será cancelado se o contato responder"],
    ["cancel", "Será cancelado se o contato responder"],
  ] as const)("the panel tells its time, who decided it, and of a reply: %s", (on_reply, told) => {
    render(<ServiceSection chat={promised({ on_reply })} ask={ask} />, { wrapper: Around });
    for (const part of ["hoje às 12:30", told, "por Ana"]) {
      expect(words("scheduled-closing")).toContain(part);
    }
    press("scheduled-closing-open");
    expect(ask).toHaveBeenCalledExactlyOnceWith({ window: "cancelClosing", protocol: "7" });
  });

  it("the panel has none without one, and says when its time has come", () => {
    const { rerender } = render(<ServiceSection chat={attended()} ask={ask} />, {
      wrapper: Around,
    });
    expect(screen.queryByTestId("scheduled-closing")).toBeNull();
    rerender(<ServiceSection chat={promised({ at: NOON })} ask={ask} />);
    expect(words("scheduled-closing")).toContain("Encerrando o atendimento…");
  });

  it("CLOSE-3: is asked about, and cancelled once by «Sim»", async () => {
    desk.cancelClosing.mockImplementation(async () => {
      desk.tells(attended({ rev: 2 }));
      return { chat: desk.chat };
    });
    const chat = promised();
    open({ window: "cancelClosing", protocol: "7" }, chat);
    screen.getByText("Tem certeza que deseja cancelar o encerramento agendado?");
    expect(screen.getByText(/hoje às 12:30/)).toBeTruthy();
    press("cancel-closing-yes");
    press("cancel-closing-yes");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(desk.cancelClosing).toHaveBeenCalledExactlyOnceWith(chat, "7");
    expect(screen.queryByTestId("cancel-closing-outcome")).toBeNull();
  });

  it("«Não» changes nothing", () => {
    open({ window: "cancelClosing", protocol: "7" }, promised());
    fireEvent.click(screen.getByText("Não"));
    expect(close).toHaveBeenCalledOnce();
    expect(desk.cancelClosing).not.toHaveBeenCalled();
  });

  it("what was not reached can be tried again", async () => {
    desk.cancelClosing.mockRejectedValueOnce(new Error("no answer"));
    open({ window: "cancelClosing", protocol: "7" }, promised());
    press("cancel-closing-yes");
    await waitFor(() => screen.getByTestId("cancel-closing-failure"));
    desk.cancelClosing.mockResolvedValueOnce({ chat: null });
    press("cancel-closing-yes");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it.each<[string, Partial<Chat>]>([
    ["the contact's reply cancels it", { closing: null }],
    ["another attendance is open", { protocol: "8" }],
  ])("says that there is none any more when %s meanwhile", (_, more) => {
    open({ window: "cancelClosing", protocol: "7" }, promised());
    desk.tells({ ...promised(), ...more });
    expect(words("cancel-closing-outcome")).toContain("Não há mais encerramento agendado");
    expect(screen.queryByTestId("cancel-closing-yes")).toBeNull();
  });

  it("says so too when the server knew it first", async () => {
    desk.cancelClosing.mockImplementation(async () => {
      desk.tells(attended({ protocol: null, rev: 3 }));
      throw refusal("moved_on");
    });
    open({ window: "cancelClosing", protocol: "7" }, promised());
    press("cancel-closing-yes");
    await waitFor(() => screen.getByTestId("cancel-closing-outcome"));
    expect(close).not.toHaveBeenCalled();
  });
});

describe("the session in the panel", () => {
  const NOON = Date.parse("2026-11-23T15:00:00.000Z"); // in São Paulo
  const ending = (minutes: number, more: Partial<Chat> = {}) =>
    aChat("a", {
      session: {
        state: "open",
        ends_at: new Date(NOON + minutes * 60_000).toISOString(),
        human_until: null,
      },
      ...more,
    });
  const show = (chat: Chat) => render(<SessionSection chat={chat} />, { wrapper: Around });
  const validity = () => screen.getByTestId("session-validity").textContent;

  beforeEach(() => vi.useFakeTimers({ now: NOON }));
  afterEach(() => vi.useRealTimers());

  it("SES-2, SES-3: goes on by the clock alone, without an event", () => {
    show(ending(31));
    expect(validity()).toBe("Até hoje às 12:31");
    act(() => void vi.advanceTimersByTime(75_000));
    expect(validity()).toBe("Expirando: até hoje às 12:31");
    act(() => void vi.advanceTimersByTime(30 * 60_000));
    expect(validity()).toBe("Expirou em 23/11/2026 12:31");
  });

  const opened_by_template = "2026-11-23T14:30:00.000Z";
  it.each([
    ["has ended", ending(-60, { opened_by_template })],
    [
      "never was",
      aChat("a", {
        session: { state: "none", ends_at: null, human_until: null },
        opened_by_template,
      }),
    ],
  ])("SES-1: says that a template opened it when one %s", (_, chat) => {
    show(chat);
    expect(screen.getByTestId("session-by-template").textContent).toContain(
      "sessão aberta por Mensagem Template, em 23/11/2026 11:30",
    );
  });

  it("SES-1: says nothing of a template in a session, or without one", () => {
    show(ending(60, { opened_by_template }));
    show(ending(-60));
    expect(screen.queryByTestId("session-by-template")).toBeNull();
  });
});

describe("«Editar dados»", () => {
  it("INFO-2: sends only what changed, and shows what is wrong beside the field", async () => {
    const wrong = [{ path: "system.cpf", reason: "cpf_invalid" }];
    const edit = vi
      .spyOn(doors, "editContact")
      .mockRejectedValueOnce(refusal("invalid", { fields: wrong }));
    open({ window: "edit" }, aChat("a"));
    await waitFor(() => screen.getByTestId("edit-cpf"));
    type("edit-cpf", "123");
    press("edit-save");
    await waitFor(() => screen.getByText("CPF inválido: confira os números."));
    edit.mockResolvedValueOnce(contact);
    type("edit-cpf", "52998224725");
    press("edit-save");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(edit).toHaveBeenLastCalledWith("a", { system: { cpf: "52998224725" } });
  });

  it("SES-4: has the contact's message for the end of a session", async () => {
    const edit = vi.spyOn(doors, "editContact").mockResolvedValue(contact);
    contact = aContact("a", { session_farewell: "Tchau, {nome}" });
    open({ window: "edit" }, aChat("a"));
    await waitFor(() => screen.getByTestId("edit-session-farewell"));
    expect(screen.getByTestId("edit-session-farewell")).toHaveProperty("value", "Tchau, {nome}");
    type("edit-session-farewell", "");
    press("edit-save");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(edit).toHaveBeenCalledExactlyOnceWith("a", { session_farewell: "" });
  });

  it("CPF and RG that are masked cannot be changed", async () => {
    contact = aContact("a", {
      masked: true,
      system: { ...contact.system, cpf: "•••.•••.•••-25", rg: null },
    });
    open({ window: "edit" }, aChat("a"));
    await waitFor(() => screen.getByTestId("edit-cpf"));
    expect(screen.getByTestId("edit-cpf")).toHaveProperty("disabled", true);
    expect(screen.getByTestId("edit-rg")).toHaveProperty("disabled", true);
    expect(screen.getByTestId("edit-email")).toHaveProperty("disabled", false);
  });

  it("has an editor for every kind of field", async () => {
    const kinds = [
      "text", "long_text", "number", "yes_no", "date", "choice", "choices", "phone", "email",
      "url", "image",
    ] as const; // biome-ignore format: a list
    fields = kinds.map((kind) => aField(`own_${kind}`, { kind, options: ["A", "B"] }));
    contact = aContact("a", {
      fields: { own_image: "pictures/1" },
      pictures: { "pictures/1": "/x.png" },
    });
    open({ window: "edit" }, aChat("a"));
    await waitFor(() => screen.getByTestId("edit-own_text"));
    for (const kind of kinds) expect(screen.getByTestId(`edit-own_${kind}`)).toBeTruthy();
    expect(screen.getByAltText("Imagem de own_image")).toBeTruthy();
    expect(screen.getByText("Remover imagem")).toBeTruthy();
  });
});

describe("notes (INFO-4, INFO-7)", () => {
  it("without the permission there is no section at all", () => {
    const { container } = render(
      <NotesSection contact={aContact("a", { notes: null })} ask={ask} />,
      { wrapper: Around },
    );
    expect(container.querySelector("section")).toBeNull();
  });

  it("a card shows everything, its click asks for deletion, its pencil edits", () => {
    const note = aNote("n", {
      text: "Ligar",
      date: "2026-12-31",
      to_agent_id: "bruno",
      edited_at: "2026-11-24T12:00:00.000Z",
    });
    render(<NotesSection contact={aContact("a", { notes: [note] })} ask={ask} />, {
      wrapper: Around,
    });
    const card = screen.getByTestId("note").textContent;
    for (const part of ["Ligar", "Para 31/12/2026", "Para Bruno", "Ana, ", "editada em"]) {
      expect(card).toContain(part);
    }
    press("note-card");
    expect(ask).toHaveBeenLastCalledWith({ window: "dropNote", note });
    press("edit-note");
    expect(ask).toHaveBeenLastCalledWith({ window: "note", note });
  });

  it("a text is required, and tries that were not answered are one note", async () => {
    const add = vi.spyOn(doors, "addNote").mockRejectedValueOnce(new Error("no answer"));
    open({ window: "note", note: null }, aChat("a"));
    press("note-save");
    expect(screen.getByText("Preencha este campo.")).toBeTruthy();
    type("note-input", "Ligar");
    type("note-date", "31/12/2026");
    press("note-save");
    await waitFor(() => screen.getByTestId("note-failed"));
    add.mockResolvedValueOnce(aNote("n"));
    press("note-save");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    const [first, second] = add.mock.calls.map(([, body]) => body);
    expect(second).toEqual(first);
    expect(first).toMatchObject({ text: "Ligar", date: "2026-12-31", to_agent_id: null });
  });

  it("asks in the page's words before it is deleted", async () => {
    const remove = vi.spyOn(doors, "removeNote").mockResolvedValue({ done: true });
    open({ window: "dropNote", note: aNote("n") }, aChat("a"));
    expect(screen.getByText("Tem certeza que deseja excluir essa observação?")).toBeTruthy();
    press("drop-note-yes");
    await waitFor(() => expect(close).toHaveBeenCalled());
    expect(remove).toHaveBeenCalledExactlyOnceWith("a", "n");
  });
});

describe("tags (INFO-5)", () => {
  const tags = () => screen.queryByTestId("tags")?.textContent ?? "";

  it("go at once, and come back with the reason when refused", async () => {
    const answer = later<never>();
    vi.spyOn(doors, "removeTag").mockReturnValue(answer.promise);
    render(<TagsSection chat={aChat("a", { row: aRow("a", { tags: ["vip"] }) })} />, {
      wrapper: Around,
    });
    await waitFor(() => expect(tags()).toBe("VIP"));
    fireEvent.click(screen.getByLabelText("Remover a etiqueta VIP"));
    expect(tags()).toBe("");
    await waitFor(() => expect(doors.removeTag).toHaveBeenCalledWith("a", "vip"));
    answer.reject(refusal("not_found"));
    await waitFor(() => expect(tags()).toBe("VIP"));
    expect(screen.getByTestId("tags-failed").textContent).toContain("voltou ao que era");
  });
});

describe("the broadcast switch (INFO-3)", () => {
  it("turns at once, and back when refused", async () => {
    const answer = later<never>();
    vi.spyOn(doors, "editContact").mockReturnValue(answer.promise);
    render(
      <ContactSection chat={aChat("a")} contact={contact} failed={false} again={ask} ask={ask} />,
      { wrapper: Around },
    );
    const on = () => screen.getByTestId<HTMLInputElement>("broadcasts").checked;
    expect(on()).toBe(true);
    press("broadcasts");
    expect(on()).toBe(false);
    expect(doors.editContact).toHaveBeenCalledExactlyOnceWith("a", { broadcasts: false });
    answer.reject(refusal("contended"));
    await waitFor(() => screen.getByTestId("broadcasts-failed"));
    expect(on()).toBe(true);
  });

  it("while the contact is not there: its shape, and after a failure a retry", () => {
    const { rerender } = render(
      <ContactSection chat={aChat("a")} contact={null} failed={false} again={ask} ask={ask} />,
      { wrapper: Around },
    );
    expect(screen.getByLabelText("Carregando os dados do contato…")).toBeTruthy();
    rerender(<ContactSection chat={aChat("a")} contact={null} failed again={ask} ask={ask} />);
    fireEvent.click(screen.getByText("Tentar novamente"));
    expect(ask).toHaveBeenCalledOnce();
  });
});

describe("blocking (BLOCK-1, BLOCK-3)", () => {
  const soon = () => new Date(Date.now() + 3_600_000).toISOString();
  const section = (chat: Partial<Chat>) =>
    render(<BlockSection chat={aChat("a", chat)} />, { wrapper: Around });
  const button = () => screen.getByTestId<HTMLButtonElement>("block");

  it("takes effect on the click, without asking, once", () => {
    desk.setBlocked.mockReturnValue(new Promise(() => {}));
    section({ blockable_until: soon() });
    press("block");
    press("block");
    expect(desk.setBlocked).toHaveBeenCalledExactlyOnceWith(expect.anything(), true);
  });

  it("is not possible when nothing was heard in 24 hours, and says so", () => {
    section({ blockable_until: "2020-01-01T00:00:00.000Z" });
    expect(button().disabled).toBe(true);
    expect(screen.getByTestId("block-reason").textContent).toContain("nas últimas 24 horas");
  });

  it("unblocking always is", () => {
    section({ row: aRow("a", { blocked: true }) });
    expect(button().textContent).toBe("Desbloquear Contato");
    expect(button().disabled).toBe(false);
  });

  it("shows what Meta did not accept, and tries again", () => {
    desk.setBlocked.mockResolvedValue({ chat: null });
    section({
      row: aRow("a", { blocked: true }),
      meta_block: { state: "failed", failure: { code: 131000, title: "Oops", details: null } },
    });
    expect(screen.getByTestId("meta-failed").textContent).toContain("131000 Oops");
    fireEvent.click(screen.getByText("Tentar novamente"));
    expect(desk.setBlocked).toHaveBeenCalledExactlyOnceWith(expect.anything(), true);
  });

  it("says quietly that Meta is being told", () => {
    section({ row: aRow("a", { blocked: true }), meta_block: { state: "pending", failure: null } });
    expect(screen.getByTestId("meta-pending")).toBeTruthy();
  });
});
