// @vitest-environment jsdom
/** The message bar, as an agent meets it (SEND). */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import { ptBR } from "~/i18n/pt-BR";
import { doors } from "~/lib/api/doors";
import type { Chat, Me } from "~/lib/api/types";
import { replying } from "../conversation/replying";
import { aChat, aMe, aMessage, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { Bar } from "./Bar";
import { drafts } from "./drafts";

vi.mock("~/lib/api/doors", () => ({
  doors: { drafts: vi.fn(), saveDraft: vi.fn(), variables: vi.fn(), quickReplies: vi.fn() },
}));

const desk = {
  subscribe: () => () => {},
  getSnapshot: () => ({ disconnected: false, outbox: [], state: { chat: null } }),
  send: vi.fn(),
};
let queries: QueryClient;
let me: Me;

function Around({ children }: { children: ReactNode }) {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <DeskContext value={deskAndMe(desk as unknown as Desk, me, null)}>{children}</DeskContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const variable = (name: string, value: string | null, kind: "text" | "image" = "text") => ({
  name,
  value,
  kind,
  label: null,
  hidden: false,
});

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
  Element.prototype.scrollIntoView = () => {};
  URL.createObjectURL = () => "blob:x";
  URL.revokeObjectURL = () => {};
});
beforeEach(() => {
  localStorage.clear();
  for (const id of ["a", "b"]) drafts.keep(id, { text: "", internal: false, quotes: null });
  replying.set("a", null);
  vi.clearAllMocks();
  queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  me = aMe();
  vi.mocked(doors.drafts).mockResolvedValue({ drafts: [] });
  vi.mocked(doors.saveDraft).mockResolvedValue({ done: true });
  vi.mocked(doors.variables).mockResolvedValue({
    variables: [variable("nome", "Rui"), variable("cpf", null), variable("foto", "u", "image")],
  });
  vi.mocked(doors.quickReplies).mockResolvedValue({
    quick_replies: [
      { quick_reply_id: "1", name: "bomdia", text: "Bom dia, {nome}!", file: null },
      {
        quick_reply_id: "2",
        name: "tabela",
        text: "",
        file: {
          key: "quick/2/0123456789abcdef.pdf",
          name: "tabela.pdf",
          mime_type: "application/pdf",
          size: 9,
          url: "u",
        },
      },
    ],
  });
});
afterEach(cleanup);

const bar = (fields: Partial<Chat> = {}) =>
  render(<Bar chat={aChat("a", fields)} />, { wrapper: Around });
const input = () => screen.getByTestId<HTMLTextAreaElement>("bar-input");
const type = (value: string) =>
  fireEvent.change(input(), { target: { value, selectionStart: value.length } });
const press = (key: string, more = {}) => fireEvent.keyDown(input(), { key, ...more });
const sent = () => desk.send.mock.calls.map(([chatId, body]) => [chatId, body]);

describe("text", () => {
  it("SEND-1: goes with Enter, breaks the line with Shift+Enter, and leaves the bar empty", () => {
    bar();
    type("Olá\nmundo");
    press("Enter", { shiftKey: true });
    expect(desk.send).not.toHaveBeenCalled();
    press("Enter");
    expect(sent()).toEqual([["a", { text: "Olá\nmundo" }]]);
    expect(input().value).toBe("");
  });

  it("SEND-12: goes once for a double Enter", () => {
    bar();
    type("oi");
    press("Enter");
    press("Enter");
    expect(desk.send).toHaveBeenCalledOnce();
  });

  it("stays while an accent is being composed, and white space is no text", () => {
    bar();
    type("   \n");
    press("Enter");
    type("ola");
    press("Enter", { isComposing: true });
    expect(desk.send).not.toHaveBeenCalled();
  });

  it("is counted in code points near 4096, and more is refused", () => {
    bar();
    type("😀".repeat(4096));
    expect(screen.getByText("0 caractere restante")).toBeTruthy();
    expect(screen.getByTestId("bar-send").hasAttribute("disabled")).toBe(false);
    type("😀".repeat(4097));
    expect(screen.getByText("1 caractere a mais")).toBeTruthy();
    expect(screen.getByTestId("bar-send").hasAttribute("disabled")).toBe(true);
    press("Enter");
    expect(desk.send).not.toHaveBeenCalled();
  });

  it("SEND-10: is counted with the agent's name before it", () => {
    me = aMe({ settings: { ...aMe().settings, name_prefix: true } });
    bar();
    type("a".repeat(4096 - "*Ana:*\n".length));
    expect(screen.getByText("0 caractere restante")).toBeTruthy();
    type("a".repeat(4096));
    expect(screen.getByText("7 caracteres a mais")).toBeTruthy();
  });

  it("is counted in bytes where the channel counts so", () => {
    const { instagram } = aMe().rules;
    if (instagram) {
      me = aMe({
        rules: {
          instagram: { ...instagram, text_limit: 1000, text_unit: "bytes", signature: null },
        },
      });
    }
    bar({ row: aRow("a", { channel: "instagram" }) });
    type("ã".repeat(501));
    expect(screen.getByText("2 bytes a mais do que este canal aceita")).toBeTruthy();
  });

  it("is kept as a draft for when the chat is opened again", () => {
    const { unmount } = bar();
    type("pela metade");
    unmount();
    bar();
    expect(input().value).toBe("pela metade");
  });
});

describe("SEND-7: internal messages", () => {
  it("the box makes it internal, and the button red", () => {
    bar();
    fireEvent.click(screen.getByTestId("bar-internal"));
    type("só para nós, {nome}");
    expect(screen.getByTestId("bar-send").dataset.internal).toBe("true");
    press("Enter");
    expect(sent()).toEqual([["a", { text: "só para nós, {nome}", internal: true }]]);
    expect(screen.getByTestId<HTMLInputElement>("bar-internal").checked).toBe(true);
  });

  it.each([
    ["/interna segredo", { text: "segredo", internal: true }],
    ["/interna\nsegredo", { text: "segredo", internal: true }],
    ["/internada", { text: "/internada" }],
    ["veja /interna isto", { text: "veja /interna isto" }],
  ])("%j", (typed, body) => {
    bar();
    type(typed);
    press("Enter");
    expect(sent()).toEqual([["a", body]]);
  });

  it.each([
    ["while blocked", { row: aRow("a", { blocked: true }) }],
    ["while shut", { session: { state: "expired", ends_at: null, human_until: null } as const }],
  ])("%s the box unlocks the bar", (_, chat) => {
    bar(chat);
    expect(screen.queryByTestId("bar-input")).toBeNull();
    fireEvent.click(screen.getByTestId("bar-internal"));
    type("nota");
    press("Enter");
    expect(sent()).toEqual([["a", { text: "nota", internal: true }]]);
  });

  it("what answers an internal message is internal, whatever is ticked", () => {
    replying.set("a", aMessage("9", { internal: true, author: "agent" }));
    bar();
    type("também acho");
    press("Enter");
    expect(sent()).toEqual([["a", { text: "também acho", internal: true, quotes: "9" }]]);
  });
});

describe("SEND-3: variables", () => {
  it("are shown filled, and sent as they are written", async () => {
    bar();
    type("Oi {nome}");
    await waitFor(() => expect(doors.variables).toHaveBeenCalled());
    press("Escape");
    await act(async () => press("Enter"));
    await waitFor(() => expect(desk.send).toHaveBeenCalledOnce());
    expect(desk.send.mock.calls[0]).toEqual(["a", { text: "Oi {nome}" }, { text: "Oi Rui" }]);
  });

  it.each([
    ["{cpf} ok", "A variável {cpf} está vazia neste contato. Preencha-a ou tire-a do texto."],
    ["{nada} ok", "A variável {nada} não existe. Corrija o texto para enviar."],
  ])("%s stops the send and says which", async (typed, sentence) => {
    bar();
    type(typed);
    await act(async () => press("Enter"));
    expect((await screen.findByTestId("bar-lacks")).textContent).toBe(sentence);
    expect(desk.send).not.toHaveBeenCalled();
    expect(input().value).toBe(typed);
  });

  it("without an answer the server is the one to say", async () => {
    vi.mocked(doors.variables).mockRejectedValue(new Error("offline"));
    bar();
    type("Oi {nome} ");
    await act(async () => press("Enter"));
    await waitFor(() => expect(sent()).toEqual([["a", { text: "Oi {nome} " }]]), {
      timeout: 4_000,
    });
  });

  it("complete themselves from the brace on", async () => {
    bar();
    type("Oi {no");
    await waitFor(() => expect(screen.getAllByTestId("bar-choice")).toHaveLength(1));
    expect(screen.getByTestId("bar-choice").textContent).toBe("{nome}Rui");
    press("Enter");
    expect(input().value).toBe("Oi {nome}");
    expect(desk.send).not.toHaveBeenCalled();
  });

  it("empty ones are marked, and Esc puts the list away", async () => {
    bar();
    type("{");
    await waitFor(() => expect(screen.getAllByTestId("bar-choice")).toHaveLength(3));
    expect(screen.getAllByTestId("bar-choice")[1]?.textContent).toBe("{cpf}CPF: vazia");
    press("Escape");
    expect(screen.queryByTestId("variable-list")).toBeNull();
    expect(input().value).toBe("{");
  });
});

describe("SEND-9: quick replies", () => {
  const names = () =>
    screen
      .getAllByTestId("bar-choice")
      .map((one) => one.textContent?.split(/(?<=\/\w+)(?=[A-Z])/)[0]);

  it("open with a slash, `interna` first, and are chosen by the keyboard", async () => {
    bar();
    type("/");
    await waitFor(() => expect(screen.getAllByTestId("bar-choice")).toHaveLength(3));
    expect(names()[0]).toBe("/interna");
    expect(input().getAttribute("aria-activedescendant")).toBe("bar-choice-0");
    press("ArrowDown");
    press("Enter");
    expect(input().value).toBe("Bom dia, {nome}!");
    expect(desk.send).not.toHaveBeenCalled();
  });

  it("`interna` writes the word", async () => {
    bar();
    type("/int");
    await screen.findByTestId("bar-choice");
    press("Tab");
    expect(input().value).toBe("/interna ");
  });

  it("bring their file, which is sent along", async () => {
    bar();
    type("/tab");
    await screen.findByTestId("bar-choice");
    press("Enter");
    expect(screen.getByTestId("bar-file").textContent).toBe("tabela.pdf");
    press("Enter");
    const files = [{ key: "quick/2/0123456789abcdef.pdf", name: "tabela.pdf", voice: false }];
    expect(sent()).toEqual([["a", { text: "", files }]]);
  });
});

describe("an answer to a message", () => {
  it("is shown above the bar, sent with what is written, and Esc lets go of it", () => {
    bar();
    act(() => replying.set("a", aMessage("7", { text: "Qual o prazo?" })));
    expect(screen.getByTestId("bar-reply").textContent).toContain("Qual o prazo?");
    press("Escape");
    expect(screen.queryByTestId("bar-reply")).toBeNull();
    act(() => replying.set("a", aMessage("7")));
    type("dois dias");
    press("Enter");
    expect(sent()).toEqual([["a", { text: "dois dias", quotes: "7" }]]);
    expect(replying.of("a")).toBeNull();
  });
});

describe("a shut bar says why", () => {
  const past = "2020-01-01T00:00:00.000Z";
  const withoutTemplates = (): Me["rules"] => {
    const { rules } = aMe();
    const { whatsapp } = rules;
    return whatsapp ? { ...rules, instagram: { ...whatsapp, templates: false } } : rules;
  };

  it.each<[id: string, chat: Partial<Chat>, sentence: string]>([
    [
      "SEND-1",
      { session: { state: "none", ends_at: null, human_until: null } },
      ptBR.bar.session.none,
    ],
    [
      "SEND-1",
      { session: { state: "open", ends_at: past, human_until: null } },
      ptBR.bar.session.expired,
    ],
    [
      "SEND-13",
      {
        session: { state: "expired", ends_at: past, human_until: null },
        row: aRow("a", { channel: "instagram" }),
      },
      ptBR.bar.sessionNoTemplates.expired,
    ],
    [
      "SEND-11",
      { row: aRow("a", { blocked: true }) },
      "Contato bloqueado, não é possível enviar ou receber mensagem",
    ],
  ])("%s", (id, chat, sentence) => {
    if (id === "SEND-13") me = aMe({ rules: withoutTemplates() });
    bar(chat);
    expect(screen.getByTestId("bar-locked").textContent).toBe(sentence);
    expect(screen.queryByTestId("bar-input")).toBeNull();
    expect(screen.queryByTestId("bar-template") !== null).toBe(id === "SEND-1");
  });

  it("SEND-14: a human's days are left, and the bar says how many", () => {
    const human_until = new Date(Date.now() + 3.5 * 86_400_000).toISOString();
    bar({
      session: { state: "expired", ends_at: past, human_until },
      row: aRow("a", { channel: "instagram" }),
    });
    expect(screen.getByText(/3 dias restantes/)).toBeTruthy();
    type("ainda aqui");
    press("Enter");
    expect(sent()).toEqual([["a", { text: "ainda aqui" }]]);
  });
});

describe("SEND-5: files", () => {
  const png = (name = "foto.png", bytes = 10) =>
    new File([new Uint8Array(bytes)], name, { type: "image/png" });
  const choose = (files: File[]) =>
    fireEvent.change(screen.getByTestId("bar-chooser"), { target: { files } });

  it("chosen ones go at once, each a message, in order", async () => {
    bar();
    choose([png("um.png"), png("dois.png")]);
    await waitFor(() => expect(desk.send).toHaveBeenCalledTimes(2));
    const [, body, shown, files, channel] = desk.send.mock.calls[0] ?? [];
    expect([body, channel]).toEqual([{ text: "" }, "whatsapp"]);
    expect(shown).toMatchObject({ kind: "image", files: [{ state: "pending", name: "um.png" }] });
    expect(files).toMatchObject([{ name: "um.png", type: "image/png", voice: false }]);
  });

  it("what the channel does not take is said before anything is uploaded", async () => {
    bar();
    choose([new File([], "vazio.txt", { type: "text/plain" })]);
    expect((await screen.findByTestId("file-problems")).textContent).toContain(
      "«vazio.txt» está vazio.",
    );
    expect(desk.send).not.toHaveBeenCalled();
  });

  it("pasted ones are looked at first, and go with their caption", async () => {
    bar();
    fireEvent.paste(input(), { clipboardData: { files: [png()], types: ["Files"] } });
    const caption = await screen.findByTestId("preview-caption");
    await waitFor(() =>
      expect(screen.getByTestId("preview-send").hasAttribute("disabled")).toBe(false),
    );
    expect(desk.send).not.toHaveBeenCalled();
    fireEvent.change(caption, { target: { value: "A nova vitrine" } });
    fireEvent.click(screen.getByTestId("preview-send"));
    await waitFor(() => expect(desk.send).toHaveBeenCalledOnce());
    expect(desk.send.mock.calls[0]?.[1]).toEqual({ text: "A nova vitrine" });
  });

  it("copied cells are pasted as text", () => {
    bar();
    const types = ["text/plain", "text/html", "Files"];
    fireEvent.paste(input(), { clipboardData: { files: [png()], types } });
    expect(screen.queryByTestId("file-preview")).toBeNull();
  });
});
