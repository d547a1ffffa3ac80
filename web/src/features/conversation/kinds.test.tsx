// @vitest-environment jsdom
/** What a balloon shows beside a text (CHAT-7, INB-5, SEND-7). */

import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { useTranslation } from "react-i18next";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import type { Message, MessageFile } from "~/lib/api/types";
import { aMe, aMessage } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { Balloon, wordsOf } from "./Balloon";
import { fileAddresses, useFilesAhead } from "./fileAddresses";

const snapshot = { outbox: [], progress: {}, state: { chat: null } };
const desk = {
  subscribe: () => () => {},
  getSnapshot: () => snapshot,
  fetchFiles: vi.fn(async () => {}),
};
const jump = vi.fn();
const FILE: MessageFile = {
  kind: "image",
  state: "ready",
  reason: null,
  name: null,
  mime_type: "image/jpeg",
  size: 1_000,
  voice: false,
  width: 640,
  height: 480,
};

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
});
beforeEach(() => {
  vi.spyOn(doors, "files").mockImplementation(async (_chat, keys) => ({
    files: keys.map((key) => ({ key, index: 0, url: "/a", thumbnail: "/t", download: "/d" })),
    expires_at: "2099-01-01T00:00:00.000Z",
  }));
});
afterEach(cleanup);

const balloon = (fields: Partial<Message>, key = "1") => (
  <MantineProvider env="test">
    <DeskContext value={deskAndMe(desk as unknown as Desk, aMe(), null)}>
      <Balloon
        message={aMessage(key, { text: "", ...fields })}
        outgoing={null}
        chatId="a"
        contact="Bia"
        jump={jump}
      />
    </DeskContext>
  </MantineProvider>
);
const shown = (fields: Partial<Message>) => render(balloon(fields));

it("SEND-7: an internal message says that it stays inside", () => {
  shown({ internal: true, author: "agent", text: "nota" });
  expect(screen.getByTestId("internal").textContent).toBe(
    "Mensagem interna, não será enviada para o contato",
  );
});

it("CHAT-7: of a deleted message nothing is left, an edited one says so", () => {
  const { unmount } = shown({ deleted_at: "2026-11-23T12:01:00.000Z" });
  expect(screen.getByTestId("deleted").textContent).toBe("Mensagem apagada");
  unmount();
  shown({ text: "oi", edited_at: "2026-11-23T12:01:00.000Z" });
  expect(screen.getByText("editada")).toBeTruthy();
});

it("CHAT-7: a quote leads to what it quotes", () => {
  const quote = {
    author: "contact",
    author_name: "Bia",
    kind: "text",
    internal: false,
    source: null,
  } as const;
  shown({ text: "sim", quote: { ...quote, key: "0", text: "vamos?" } });
  fireEvent.click(screen.getByTestId("quote"));
  expect(jump).toHaveBeenCalledExactlyOnceWith("0");
});

it("CHAT-7: a reaction says whose it is, and when Meta refused it", () => {
  const reaction = { agent_id: null, emoji: "👍", at: "2026-11-23T12:00:00.000Z", failure: null };
  shown({
    text: "oi",
    reactions: [
      { ...reaction, author: "contact", state: null },
      { ...reaction, author: "agent", agent_id: "ana", state: "failed" },
    ],
  });
  expect(screen.getAllByTestId("reaction").map((one) => one.title)).toEqual([
    "👍 de Bia",
    "👍 de Ana: a Meta recusou a reação",
  ]);
});

it("INB-6: a picture has its room before it is there", async () => {
  shown({ kind: "image", files: [FILE] });
  const picture = await screen.findByTestId("picture");
  expect(picture.style.aspectRatio).toBe("320 / 240");
  await vi.waitFor(() => expect(picture.querySelector("img")?.getAttribute("src")).toBe("/t"));
});

it("INB-6: the files of what was loaded are asked for at once, each as soon as it is there", async () => {
  const pending = aMessage("f2", { files: [{ ...FILE, state: "pending" }] });
  const loaded = [aMessage("f1", { files: [FILE] }), pending, aMessage("f3", { text: "oi" })];
  const ahead = renderHook(({ messages }) => useFilesAhead("ahead", messages), {
    initialProps: { messages: loaded },
  });
  const asked = () =>
    vi
      .mocked(doors.files)
      .mock.calls.filter(([chatId]) => chatId === "ahead")
      .map(([, keys]) => keys);
  await vi.waitFor(() => expect(asked()).toEqual([["f1"]]));
  ahead.rerender({ messages: [...loaded, aMessage("f4", { files: [FILE] }), pending] });
  await vi.waitFor(() => expect(asked()).toEqual([["f1"], ["f4"]]));
  ahead.rerender({ messages: [...loaded, { ...pending, rev: 2, files: [FILE] }] });
  await vi.waitFor(() => expect(asked()).toEqual([["f1"], ["f4"], ["f2"]]));
});

it("INB-6: of two files the later one is shown when it comes, not missed", async () => {
  const answer = (indexes: number[]) => ({
    files: indexes.map((index) => ({
      key: "two",
      index,
      url: `/${index}`,
      thumbnail: null,
      download: "/d",
    })),
    expires_at: "2099-01-01T00:00:00.000Z",
  });
  vi.spyOn(doors, "files")
    .mockResolvedValueOnce(answer([0]))
    .mockResolvedValue(answer([0, 1]));
  const STICKER = { ...FILE, kind: "sticker" } as const;
  const page = render(
    balloon({ kind: "sticker", rev: 1, files: [STICKER, { ...STICKER, state: "pending" }] }, "two"),
  );
  await vi.waitFor(() => expect(page.container.querySelectorAll("img")).toHaveLength(1));
  page.rerender(balloon({ kind: "sticker", rev: 2, files: [STICKER, STICKER] }, "two"));
  await vi.waitFor(() => expect(page.container.querySelectorAll("img")).toHaveLength(2));
  expect(screen.queryByTestId("file-gone")).toBeNull();
});

it("INB-6: a sticker keeps a shape until it is there, also while nobody answers", async () => {
  vi.spyOn(doors, "files").mockRejectedValue(new Error("offline"));
  const page = render(balloon({ kind: "sticker", files: [{ ...FILE, kind: "sticker" }] }, "late"));
  const sticker = await screen.findByTestId("sticker");
  await vi.waitFor(() => expect(doors.files).toHaveBeenCalled());
  await vi.waitFor(() => expect(fileAddresses.of("a", "late")?.failed).toBe(true));
  expect([sticker.style.width, sticker.dataset.loaded]).toEqual(["160px", "false"]);
  expect(page.queryByTestId("file-gone")).toBeNull();
});

it("INB-5: what was shared is a post where Meta keeps posts, else a link", async () => {
  const { unmount } = shown({ kind: "share", details: { link: "https://www.instagram.com/p/1/" } });
  expect((await screen.findByTestId("shared")).textContent).toContain("Publicação compartilhada");
  unmount();
  shown({ kind: "share", details: { link: "https://instagram.com.loja.example/" } });
  expect((await screen.findByTestId("shared")).textContent).toBe("Link compartilhadoAbrir link");
});

it("INB-6: a file that failed says why, and is fetched again when asked to", async () => {
  shown({ kind: "image", files: [{ ...FILE, state: "failed", reason: "gone" }] });
  expect((await screen.findByTestId("file-failed")).textContent).toContain(
    "O arquivo não está mais na Meta.",
  );
  fireEvent.click(screen.getByTestId("file-again"));
  expect(desk.fetchFiles).toHaveBeenCalledExactlyOnceWith("a", "1");
});

const MENU: NonNullable<Message["details"]>["menu"] = {
  button: "Setores",
  options: [
    { payload: "r1/menu/vendas", title: "<b>Vendas</b>", description: "Pedidos e preços" },
    { payload: "r1/menu/outros", title: "Outros assuntos", description: null },
  ],
};

it("FLOW-4: a menu is its text, once, and then its options in their order", async () => {
  shown({ kind: "menu", text: "Como podemos ajudar?", details: { menu: MENU }, source: "flow" });
  const menu = await screen.findByTestId("menu");
  expect(screen.getAllByTestId("message-text").map((one) => one.textContent)).toEqual([
    "Como podemos ajudar?",
  ]);
  expect(screen.getByRole("list", { name: "Opções do menu" })).toBeTruthy();
  expect(screen.getAllByTestId("menu-option").map((one) => one.textContent)).toEqual([
    "<b>Vendas</b>Pedidos e preços",
    "Outros assuntos",
  ]);
  expect(menu.querySelector("b, button, a")).toBeNull();
  expect(menu.textContent).not.toContain("r1/menu");
});

it("FLOW-4: a menu without a text is its options alone", async () => {
  shown({ kind: "menu", details: { menu: MENU } });
  expect((await screen.findByTestId("menu")).firstElementChild?.tagName).toBe("OL");
  expect(screen.queryByTestId("message-text")).toBeNull();
});

it("FLOW-4: in words a menu is called one", () => {
  const { result } = renderHook(() => useTranslation());
  const menu = aMessage("1", { kind: "menu", text: "Qual setor?", details: { menu: MENU } });
  expect(wordsOf(menu, result.current.t)).toBe("Menu: Qual setor?");
});

it.each([
  ["flow", "Chatbot"],
  ["session", "Mensagem automática"],
  ["schedule", "Ana"],
  [null, "Ana"],
] as const)("CHAT-7 FLOW-4: a quoted message of source %s is from %s", (source, name) => {
  const quote = {
    ...({ key: "0", author: "agent", author_name: "Ana", kind: "menu" } as const),
    ...{ text: "Qual setor?", internal: false, source },
  };
  shown({ text: "Vendas", quote });
  expect(screen.getByTestId("quote").textContent).toBe(`${name}Qual setor?`);
});

it.each<[id: string, testId: string, words: string, fields: Partial<Message>]>([
  ["pending", "file-pending", "Baixando…", { files: [{ ...FILE, state: "pending" }] }],
  ["expired", "file-failed", "expirou", { files: [{ ...FILE, state: "expired" }] }],
  [
    "a place",
    "place",
    "Praça",
    { details: { location: { latitude: 1, longitude: 2, name: "Praça", address: null } } },
  ],
  [
    "a choice",
    "choice",
    "Sim",
    { text: "Sim", details: { choice: { title: "Sim", description: null, payload: null } } },
  ],
  [
    "a template",
    "template",
    "Rodapé",
    {
      details: {
        template: { name: "t", header: "Topo", body: "Corpo", footer: "Rodapé", buttons: ["Ok"] },
      },
    },
  ],
  [
    "a story that is over",
    "story",
    "O story não está mais disponível.",
    { details: { story: { what: "mention", url: null } } },
  ],
])("INB-5: shows %s", async (_, testId, words, fields) => {
  shown(fields);
  expect((await screen.findByTestId(testId)).textContent).toContain(words);
});
