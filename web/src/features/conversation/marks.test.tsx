// @vitest-environment jsdom
/** The menu of a message and the search in a chat (CHAT-7, FIND-2, SEND-7). */

import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import type { Message, MessageHit, Reaction } from "~/lib/api/types";
import { aMe, aMessage } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import MessageMenu from "./MessageMenu";
import MessageSearch from "./MessageSearch";

const snapshot = { outbox: [], progress: {}, state: { chat: null } };
const desk = { subscribe: () => () => {}, getSnapshot: () => snapshot, react: vi.fn() };
const close = vi.fn();
const jump = vi.fn();

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
  };
});
beforeEach(() => vi.clearAllMocks());
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const within = (part: ReactNode, env: "test" | "default" = "test") =>
  render(
    <MantineProvider env={env}>
      <DeskContext value={deskAndMe(desk as unknown as Desk, aMe(), null)}>{part}</DeskContext>
    </MantineProvider>,
  );
const menuOf = (fields: Partial<Message>, env?: "default") =>
  within(
    <MessageMenu
      message={aMessage("1", fields)}
      chatId="a"
      place={{ x: 500, y: 300 }}
      close={close}
    />,
    env,
  );
const ours = (emoji: string, state: Reaction["state"] = "sent"): Reaction =>
  ({ author: "agent", agent_id: "ana", emoji, state }) as Reaction;

it("CHAT-7: an emoji is put on the message, or taken back where it already is", async () => {
  menuOf({ reactions: [ours("❤️")] });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Reagir com 👍" }));
  expect(desk.react).toHaveBeenLastCalledWith("a", "1", "👍");
  fireEvent.click(screen.getByRole("menuitem", { name: "Retirar a reação ❤️" }));
  expect(desk.react).toHaveBeenLastCalledWith("a", "1", null);
  expect(close).toHaveBeenCalled();
});

it("CHAT-7: one that is not among the frequent ones can be taken back too", async () => {
  menuOf({ reactions: [ours("🚀")] });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Retirar a reação 🚀" }));
  expect(desk.react).toHaveBeenLastCalledWith("a", "1", null);
});

it("CHAT-7: one that Meta refused is put on again", async () => {
  menuOf({ reactions: [ours("👍", "failed")] });
  fireEvent.click(await screen.findByRole("menuitem", { name: "Reagir com 👍" }));
  expect(desk.react).toHaveBeenLastCalledWith("a", "1", "👍");
});

it.each([
  ["an internal message", { internal: true }],
  ["what was not sent", { author: "agent", status: "failed" }],
  ["what Meta does not know yet", { author: "agent", status: "queued" }],
] as [string, Partial<Message>][])("SEND-7 CHAT-7: %s takes no reaction", async (_, fields) => {
  menuOf(fields);
  expect(await screen.findByTestId("reply")).toBeTruthy();
  expect(screen.queryByTestId("react")).toBeNull();
});

it("CHAT-7: menu and emojis are outside of what scrolls, at the place that was given", async () => {
  const { container } = menuOf({}, "default");
  expect(container.contains(await screen.findByTestId("message-menu-open"))).toBe(false);
  fireEvent.click(screen.getByTestId("more-reactions"));
  const picker = await screen.findByTestId("reaction-picker");
  expect(container.contains(picker)).toBe(false);
  expect(picker.style.getPropertyValue("--x")).toBe("500px");
  expect(picker.style.getPropertyValue("--y")).toBe("300px");
});

const hit = (key: string, text: string, fields: Partial<MessageHit> = {}): MessageHit => ({
  ...({ key, at: "2026-11-23T12:00:00.000Z", author: "contact", author_name: "Bia" } as const),
  ...({ kind: "text", text, internal: false, source: null } as MessageHit),
  ...fields,
});

const searched = (words: string) => {
  within(<MessageSearch chatId="a" close={close} jump={jump} />);
  fireEvent.change(screen.getByTestId("message-search-input"), { target: { value: words } });
  fireEvent.click(screen.getByTestId("message-search-submit"));
};

it("FIND-2: every part of the chat is looked through, and a hit leads to its message", async () => {
  const search = vi
    .spyOn(doors, "searchMessages")
    .mockResolvedValueOnce({ hits: [hit("9", "a ação")], cursor: "c", looked_at: 500 } as never)
    .mockResolvedValueOnce({
      hits: [hit("2", "ACAO interna", { internal: true })],
      cursor: null,
      looked_at: 20,
    } as never);
  searched(" acao ");
  expect(await screen.findByText("2 ocorrências")).toBeTruthy();
  expect(search.mock.calls).toEqual([
    ["a", "acao", null],
    ["a", "acao", "c"],
  ]);
  const [newest, oldest] = screen.getAllByTestId("message-hit");
  expect(newest?.querySelector("mark")?.textContent).toBe("ação");
  expect(oldest?.dataset.internal).toBe("true");
  fireEvent.click(oldest as HTMLElement);
  expect(jump).toHaveBeenCalledExactlyOnceWith("2");
  expect(oldest?.getAttribute("aria-current")).toBe("true");
});

it("FIND-2: less than two characters are not searched for", () => {
  const search = vi.spyOn(doors, "searchMessages");
  searched(" a ");
  expect(screen.getByRole("alert").textContent).toBe("Escreva pelo menos 2 caracteres.");
  expect(search).not.toHaveBeenCalled();
});

it("FIND-2: what was found before the server failed stays, and the search goes on there", async () => {
  const search = vi
    .spyOn(doors, "searchMessages")
    .mockResolvedValueOnce({ hits: [hit("9", "acao")], cursor: "c", looked_at: 500 } as never)
    .mockRejectedValueOnce(new Error("away"))
    .mockResolvedValueOnce({ hits: [], cursor: null, looked_at: 3 } as never);
  searched("acao");
  expect((await screen.findByRole("alert")).textContent).toContain("interrompida");
  expect(screen.getAllByTestId("message-hit")).toHaveLength(1);
  fireEvent.click(screen.getByTestId("message-search-action"));
  expect(await screen.findByText("1 ocorrência")).toBeTruthy();
  expect(search).toHaveBeenLastCalledWith("a", "acao", "c");
});

it("FIND-2: nothing found is said", async () => {
  vi.spyOn(doors, "searchMessages").mockResolvedValue({
    hits: [],
    cursor: null,
    looked_at: 3,
  } as never);
  searched("nada");
  expect(await screen.findByText("Nada encontrado nesta conversa.")).toBeTruthy();
});
