// @vitest-environment jsdom
/** What an agent reads while the server cannot be reached. */

import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import "~/i18n";
import { setTimeZone } from "~/lib/time";
import { Balloon } from "../conversation/Balloon";
import { aMe, aMessage, anOpenedChat, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk, Snapshot } from "../live/desk";
import type { Outgoing } from "../live/outbox";
import AsItWas from "./AsItWas";
import NeedsConnection from "./NeedsConnection";

let snapshot: Partial<Snapshot>;
const desk = { subscribe: () => () => {}, getSnapshot: () => snapshot };

function Around({ children }: { children: ReactNode }) {
  return (
    <MantineProvider env="test">
      <DeskContext value={deskAndMe(desk as unknown as Desk, aMe(), null)}>{children}</DeskContext>
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
  vi.useFakeTimers({ now: Date.parse("2026-11-24T02:30:00.000Z") }); // 23:30 in São Paulo
  setTimeZone("America/Sao_Paulo");
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it.each([
  ["2026-11-23T17:32:00.000Z", "Sem conexão. Como estava às 14:32"],
  ["2026-11-23T02:59:00.000Z", "Sem conexão. Como estava ontem às 23:59"],
  ["2026-11-20T17:32:00.000Z", "Sem conexão. Como estava em 20/11/2026 às 14:32"],
])("what is from %s is marked so", (at, words) => {
  render(<AsItWas at={at} />, { wrapper: Around });
  expect(screen.getByTestId("as-it-was").textContent).toBe(words);
});

it("what cannot be had says so, and is asked for again", () => {
  const again = vi.fn();
  render(<NeedsConnection what="chat" again={again} />, { wrapper: Around });
  expect(screen.getByRole("alert").textContent).toContain(
    "Esta conversa não está disponível sem conexão.",
  );
  fireEvent.click(screen.getByRole("button", { name: "Tentar de novo" }));
  expect(again).toHaveBeenCalledTimes(1);
});

it.each([
  ["waiting", true, 1],
  ["waiting", false, 0],
  ["refused", true, 0],
] as const)(
  "SEND-12: a %s text, disconnected %s, waits for the connection: %d",
  (state, disconnected, times) => {
    snapshot = { disconnected };
    const outgoing: Outgoing = {
      client_key: "k",
      chat_id: "a",
      body: { text: "Oi" },
      shown: { text: "Oi" },
      retry_of: null,
      written_at: "2026-11-23T12:00:00.000Z",
      state,
      refusal: state === "refused" ? "other" : null,
    };
    const { chat } = anOpenedChat("a", [], { row: aRow("a") });
    const message = aMessage("k", { author: "agent", status: "queued", text: "Oi" });
    render(
      <Balloon
        message={message}
        outgoing={outgoing}
        chatId={chat.row.chat_id}
        contact="Ana"
        jump={() => {}}
      />,
      { wrapper: Around },
    );
    expect(screen.queryAllByText("aguardando conexão")).toHaveLength(times);
  },
);
