// @vitest-environment jsdom
/** The bell, its list and the sound's button, as an agent meets them. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { BellEntry, Decision, Notifications } from "~/lib/api/types";
import { aMe } from "../live/builders";
import { heard } from "./bell";
import Decisions from "./Decisions";
import { Notices } from "./Notices";

const ENTRIES: BellEntry[] = ["3", "2", "1"].map((id) => ({
  id,
  kind: "message",
  chat_id: `chat-${id}`,
  name: `Contato ${id}`,
  channel: "whatsapp",
  text: `Mensagem ${id}`,
  text_kind: "text",
  department_id: null,
  at: `2026-11-23T12:00:0${id}.000Z`,
  seen: id === "1",
}));

let bell: Notifications;
let queries: QueryClient;
const Where = () => <output data-testid="where">{useLocation().pathname}</output>;

const show = () =>
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <MemoryRouter initialEntries={["/contatos"]}>
          <Notices me={aMe()} />
          <Where />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );

async function opened() {
  show();
  await screen.findByRole("button", { name: /notificações? novas?$/ });
  fireEvent.click(screen.getByTestId("bell"));
  await screen.findAllByTestId("bell-entry");
}

const shown = () =>
  screen.queryAllByTestId("bell-entry").map((entry) => entry.getAttribute("data-chat-id"));

beforeAll(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  window.matchMedia = ((query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  })) as unknown as typeof window.matchMedia;
});

beforeEach(() => {
  bell = { entries: ENTRIES, newest: "3", muted: false };
  queries = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  const set = (change: Partial<Notifications>) => {
    bell = { ...bell, ...change };
    return { done: true } as const;
  };
  vi.spyOn(doors, "notifications").mockImplementation(async () => bell);
  vi.spyOn(doors, "seenNotifications").mockImplementation(async () =>
    set({ entries: bell.entries.map((entry) => ({ ...entry, seen: true })) }),
  );
  vi.spyOn(doors, "removeNotification").mockImplementation(async (id) =>
    set({ entries: bell.entries.filter((entry) => entry.id !== id) }),
  );
  vi.spyOn(doors, "clearNotifications").mockImplementation(async () => {
    const ids = bell.entries.map((entry) => entry.id);
    set({ entries: [] });
    return { ids };
  });
  vi.spyOn(doors, "restoreNotifications").mockImplementation(async () => set({ entries: ENTRIES }));
  vi.spyOn(doors, "muteSound").mockImplementation(async (muted) => set({ muted }));
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe("NOTIF-2: the bell", () => {
  it("has a dot, and says how much is new", async () => {
    show();
    expect(await screen.findByRole("button", { name: "2 notificações novas" })).toBeTruthy();
    expect(screen.getByTestId("bell-dot")).toBeTruthy();
  });

  it("lists what happened; looking at it takes the dot away, and what was new stays marked", async () => {
    await opened();
    expect(shown()).toEqual(["chat-3", "chat-2", "chat-1"]);
    expect(screen.getAllByTestId("bell-text")[0]?.textContent).toBe("Nova mensagem: Mensagem 3");
    await waitFor(() => expect(screen.queryByTestId("bell-dot")).toBeNull());
    expect(vi.mocked(doors.seenNotifications).mock.calls).toEqual([["3"]]);
    const marks = screen.getAllByTestId("bell-entry").map((one) => one.getAttribute("data-new"));
    expect(marks).toEqual(["true", "true", "false"]);
  });

  it("is fetched anew when the server says that it moved", async () => {
    show();
    await screen.findByRole("button", { name: "2 notificações novas" });
    bell = { entries: [], newest: null, muted: false };
    act(() => heard({ type: "bell" }, queries));
    expect(await screen.findByRole("button", { name: "Notificações" })).toBeTruthy();
  });

  it("the bin takes one away at once, and «Desfazer» brings it back", async () => {
    await opened();
    fireEvent.click(screen.getByRole("button", { name: "Remover a notificação de Contato 2" }));
    await waitFor(() => expect(shown()).toEqual(["chat-3", "chat-1"]));
    expect(screen.getByTestId("bell-removed").textContent).toContain("1 notificação removida.");
    fireEvent.click(screen.getByTestId("bell-undo"));
    await waitFor(() => expect(shown()).toEqual(["chat-3", "chat-2", "chat-1"]));
    expect(doors.restoreNotifications).toHaveBeenCalledWith(["2"]);
  });

  it("«Limpar tudo» empties it up to what was on screen, and can be undone", async () => {
    await opened();
    fireEvent.click(screen.getByTestId("bell-clear"));
    expect(await screen.findByTestId("bell-empty")).toBeTruthy();
    expect(doors.clearNotifications).toHaveBeenCalledWith("3");
    fireEvent.click(screen.getByTestId("bell-undo"));
    await waitFor(() => expect(shown()).toHaveLength(3));
    expect(doors.restoreNotifications).toHaveBeenCalledWith(["3", "2", "1"]);
  });

  it("what could not be removed is there again, and the reason is told", async () => {
    vi.mocked(doors.removeNotification).mockRejectedValue(new Refused(503, "unavailable", {}));
    await opened();
    fireEvent.click(screen.getByRole("button", { name: "Remover a notificação de Contato 2" }));
    expect(await screen.findByRole("alert", { name: "" })).toBeTruthy();
    await waitFor(() => expect(shown()).toHaveLength(3));
    expect(screen.queryByTestId("bell-removed")).toBeNull();
  });

  it("a click opens the chat, without a reload, and closes the list", async () => {
    await opened();
    fireEvent.click(screen.getByRole("link", { name: /Contato 2/ }));
    expect(screen.getByTestId("where").textContent).toBe("/chats/chat-2");
    await waitFor(() => expect(screen.queryByTestId("bell-list")).toBeNull());
  });

  it("the arrows go through the rows, and Esc closes", async () => {
    await opened();
    const list = screen.getByTestId("bell-list");
    const [first, second] = within(list).getAllByRole("link");
    first?.focus();
    fireEvent.keyDown(first as Element, { key: "ArrowDown" });
    expect(document.activeElement).toBe(second);
    fireEvent.keyDown(second as Element, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("bell-list")).toBeNull());
  });

  it("says when it could not be fetched, and fetches it again", async () => {
    vi.mocked(doors.notifications).mockRejectedValue(new Refused(400, "invalid", {}));
    show();
    fireEvent.click(await screen.findByTestId("bell"));
    const failed = await screen.findByTestId("bell-failed");
    vi.mocked(doors.notifications).mockImplementation(async () => bell);
    fireEvent.click(within(failed).getByRole("button"));
    await waitFor(() => expect(shown()).toHaveLength(3));
  });
});

describe("NOTIF-1: the sound's button", () => {
  it("turns it off at once, and on again", async () => {
    show();
    const button = await screen.findByRole("button", { name: "Som das notificações" });
    expect(button.getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(button);
    await waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("false"));
    fireEvent.click(button);
    await waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("true"));
    expect(vi.mocked(doors.muteSound).mock.calls).toEqual([[true], [false]]);
  });

  it("goes back when it was refused, and says so", async () => {
    vi.mocked(doors.muteSound).mockRejectedValue(new Refused(503, "unavailable", {}));
    show();
    const button = await screen.findByRole("button", { name: "Som das notificações" });
    fireEvent.click(button);
    expect(await screen.findByText(/Não foi possível mudar o som/)).toBeTruthy();
    await waitFor(() => expect(button.getAttribute("aria-pressed")).toBe("true"));
  });
});

describe("NOTIF-7: «Por que (não) fui notificado?»", () => {
  const aDecision = (id: string): Decision => ({
    id,
    kind: "message",
    chat_id: `chat-${id}`,
    name: `Contato ${id}`,
    channel: "whatsapp",
    department_id: null,
    at: "2026-11-23T12:00:00.000Z",
    bell: { told: false, because: "chat_page_open" },
    sound: { told: true, because: "told" },
    push: { told: true, because: "told", outcome: "sent" },
  });

  it("is reached from the bell, and shows each decision with its reasons, page by page", async () => {
    vi.spyOn(doors, "decisions").mockImplementation(async (cursor) =>
      cursor === null
        ? { decisions: [aDecision("1")], cursor: "more" }
        : { decisions: [aDecision("2")], cursor: null },
    );
    await opened();
    fireEvent.click(screen.getByTestId("bell-why"));
    const [first] = await screen.findAllByTestId("decision");
    expect(first?.textContent).toContain("Não: a página do Chat estava aberta.");
    expect(first?.textContent).toContain("Sim: notificação enviada.");
    fireEvent.click(screen.getByTestId("decisions-more"));
    await waitFor(() => expect(screen.getAllByTestId("decision")).toHaveLength(2));
    expect(screen.queryByTestId("decisions-more")).toBeNull();
  });

  it("says when there is none yet", async () => {
    vi.spyOn(doors, "decisions").mockResolvedValue({ decisions: [], cursor: null });
    render(
      <MantineProvider env="test">
        <QueryClientProvider client={queries}>
          <Decisions departments={[]} close={() => {}} />
        </QueryClientProvider>
      </MantineProvider>,
    );
    expect(await screen.findByTestId("decisions-empty")).toBeTruthy();
  });
});
