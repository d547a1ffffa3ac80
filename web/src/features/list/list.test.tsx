// @vitest-environment jsdom
/** Rows, tabs and filters, as an agent meets them. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  act,
  cleanup,
  fireEvent,
  render,
  renderHook,
  screen,
  within,
} from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { i18next } from "~/i18n";
import type { ChatRow, Labels } from "~/lib/api/types";
import { drafts } from "../bar/drafts";
import { aMe, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk, Snapshot } from "../live/desk";
import { EMPTY, type ListState, NO_FILTERS } from "../live/reducer";
import { ChatList } from "./ChatList";
import { Row } from "./Row";
import { useRowClock } from "./useRowClock";

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const minutes = (count: number) => new Date(NOW + count * 60_000).toISOString();
const LABELS: Labels = {
  tags: ["VIP", "Retorno", "Atacado", "Orçamento"].map((name, index) => ({
    tag_id: `t${index}`,
    name,
    color: "blue",
  })),
  fields: [],
  campaigns: [{ campaign_id: "natal", name: "Natal" }],
};
const ME = aMe({
  departments: [
    { department_id: "sales", name: "Vendas", active: true },
    { department_id: "old", name: "Antigo", active: false },
  ],
});

let snapshot: Partial<Snapshot>;
const desk = {
  subscribe: () => () => {},
  getSnapshot: () => snapshot,
  markUnread: vi.fn(),
  enterAgain: vi.fn(),
  fetchList: vi.fn(async () => {}),
  forgetRefusal: vi.fn(),
};

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}

function around(me = ME, address = "/chats?tab=all") {
  return ({ children }: { children: ReactNode }) => (
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter initialEntries={[address]}>
          <DeskContext value={deskAndMe(desk as unknown as Desk, me, LABELS)}>
            {children}
            <Address />
          </DeskContext>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const address = () => decodeURIComponent(screen.getByTestId("address").textContent ?? "");
const listOf = (rows: ChatRow[], fields: Partial<ListState> = {}): ListState => ({
  view: { ...NO_FILTERS, tab: "all", order: "newest" },
  rows,
  cursor: null,
  edge: null,
  beyond: {},
  ...fields,
});

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
beforeEach(() => {
  vi.clearAllMocks();
  snapshot = {
    list: "ready",
    more: "ready",
    disconnected: false,
    refused: null,
    state: { ...EMPTY, list: listOf([]), counts: { all: 0, open: 100, mine: 3 } },
  };
});
afterEach(cleanup);

describe("a row", () => {
  const openMenu = vi.fn();
  const go = vi.fn();
  const row = (fields: Partial<ChatRow>, now = NOW, active = false) =>
    render(
      <Row
        row={aRow("a", fields)}
        now={now}
        active={active}
        go={go}
        openMenu={openMenu}
        t={i18next.t}
      />,
      { wrapper: around() },
    );
  const entering = () =>
    within(screen.getByTestId("chat-row")).getAllByRole("button")[0] as HTMLElement;
  const session = () => screen.queryByTestId("row-session")?.textContent ?? null;

  it.each([
    [31, null],
    [30, "Expirando"],
    [1, "Expirando"],
    [0, "Expirado"],
    [-600, "Expirado"],
  ])("%d minutes before the end of its session: %s (ROW-3)", (left, badge) => {
    row({ session_ends_at: minutes(left) });
    expect(session()).toBe(badge);
  });

  it("has no badge when the contact never wrote (ROW-3)", () => {
    row({ session_ends_at: null });
    expect(session()).toBeNull();
  });

  it("shows department, agent, block and what is unread (ROW-2, ROW-4, ROW-6, ROW-7)", () => {
    row({ department_id: "sales", agent_id: "ana", blocked: true, unread: 120 });
    expect(screen.getByTestId("row-department").textContent).toBe("Vendas");
    expect(screen.getByTitle("Atendente: Ana")).toBeTruthy();
    expect(screen.getByTitle("Contato bloqueado")).toBeTruthy();
    expect(screen.getByTestId("row-unread").textContent).toBe("99+");
    expect(screen.getByTestId("row-read").getAttribute("title")).toBe("Não lida");
    cleanup();
    row({});
    expect(screen.getByTestId("row-read").getAttribute("title")).toBe("Marcado como Lido");
    expect(screen.queryByTestId("row-department")).toBeNull();
  });

  describe("ROW-5: the sign of an automation", () => {
    const automation = (waiting_since: string | null, chatbot_since: string | null) => {
      const me = { ...ME, settings: { ...ME.settings, chatbot_since } };
      const one = aRow("a", { waiting_since });
      render(<Row row={one} now={NOW} active={false} go={go} openMenu={openMenu} t={i18next.t} />, {
        wrapper: around(me),
      });
      return screen.queryByTestId("row-automation")?.title ?? null;
    };

    it.each([
      ["while a flow waits for the contact", minutes(-1), minutes(-1), true],
      ["not when none does", null, minutes(-1), false],
      ["not when the chatbot is off (FLOW-13)", minutes(-1), null, false],
      [
        "not of a flow from before it was turned on again (FLOW-13)",
        minutes(-2),
        minutes(-1),
        false,
      ],
    ])("is there %s", (_, waiting, chatbot, there) => {
      expect(automation(waiting, chatbot)).toBe(there ? "Fluxo aguardando resposta" : null);
    });
  });

  it("shows two tags and counts the others; a tag that is gone is not shown (ROW-6)", () => {
    row({ tags: ["t1", "deleted", "t0", "t3", "t2"] });
    const shown = screen.getAllByTestId("row-tag").map((tag) => tag.textContent);
    expect(shown).toEqual(["Retorno", "VIP"]);
    expect(screen.getByTestId("row-more-tags").textContent).toBe("+2");
    expect(screen.getByTestId("row-more-tags").title).toBe("Orçamento, Atacado");
  });

  it("says what was begun in a chat that is not open, as soon as it is known", () => {
    row({ preview: "Oi", preview_author: "contact", preview_kind: "text" });
    const shown = () => screen.getByTestId("row-preview").textContent;
    expect(shown()).toBe("Oi");
    act(() => drafts.put("a", "pela metade"));
    expect(shown()).toBe("Rascunho: pela metade");
    cleanup();
    row({ preview: "Oi", preview_author: "contact", preview_kind: "text" }, NOW, true);
    expect(shown()).toBe("Oi");
    cleanup();
    row({ preview: "Oi", preview_author: "contact", preview_kind: "text" });
    act(() => drafts.keep("a", { text: "", internal: false, quotes: null }));
    expect(shown()).toBe("Oi");
  });

  it.each([
    ["contact", "Oi"],
    ["agent", "Agente: Oi"],
    ["device", "Pelo aplicativo: Oi"],
    ["flow", "Chatbot: Oi"],
  ] as const)("says who wrote last: %s", (preview_author, words) => {
    row({ preview: "Oi", preview_author, preview_kind: "text" });
    expect(screen.getByTestId("row-preview").textContent).toBe(words);
  });

  it("has the sign of its last message's kind before the words", () => {
    row({ preview: "olha", preview_author: "contact", preview_kind: "image" });
    const shown = screen.getByTestId("row-preview");
    expect(shown.querySelectorAll("svg")).toHaveLength(1);
    expect(shown.textContent).toBe("Imagem: olha");
    cleanup();
    row({ preview: "olha", preview_author: "contact", preview_kind: "text" });
    expect(screen.getByTestId("row-preview").querySelector("svg")).toBeNull();
  });

  it("opens its menu at the dots, and with the other button of the mouse (READ-2)", () => {
    row({});
    fireEvent.click(screen.getByTestId("row-menu"));
    fireEvent.contextMenu(entering(), { clientX: 5, clientY: 6 });
    expect(openMenu).toHaveBeenCalledTimes(2);
    expect(openMenu.mock.calls[1]?.[0]).toMatchObject({ x: 5, y: 6 });
    expect(go).not.toHaveBeenCalled();
  });

  it("opens its menu under a finger that stays, and does not enter the chat then", () => {
    vi.useFakeTimers();
    row({});
    const button = entering();
    fireEvent.pointerDown(button, { pointerType: "touch", clientX: 10, clientY: 10 });
    vi.advanceTimersByTime(600);
    fireEvent.pointerUp(button, { pointerType: "touch" });
    fireEvent.click(button);
    expect(openMenu).toHaveBeenCalledOnce();
    expect(go).not.toHaveBeenCalled();
    fireEvent.pointerDown(button, { pointerType: "touch", clientX: 10, clientY: 10 });
    fireEvent.pointerUp(button, { pointerType: "touch" });
    fireEvent.click(button);
    expect(go).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it("enters an open chat again when it is clicked once more (READ-2)", () => {
    row({}, NOW, true);
    fireEvent.click(entering());
    expect(desk.enterAgain).toHaveBeenCalledOnce();
  });
});

describe("the time that rows go by (ROW-3)", () => {
  it.each([
    ["Expirando", 30 * 60_000 + 5_000],
    ["Expirado", 5_000],
  ])("moves on when a row becomes «%s», without an event", (_, left) => {
    vi.useFakeTimers({ now: NOW });
    const rows = [aRow("a", { session_ends_at: new Date(NOW + left).toISOString() })];
    const { result, unmount } = renderHook(() => useRowClock(rows));
    expect(result.current).toBe(NOW);
    act(() => void vi.advanceTimersByTime(4_999));
    expect(result.current).toBe(NOW);
    act(() => void vi.advanceTimersByTime(1));
    expect(result.current).toBe(NOW + 5_000);
    unmount();
    vi.useRealTimers();
  });
});

describe("the list", () => {
  const list = (at = "/chats?tab=all", me = ME) =>
    render(<ChatList newChat={() => {}} />, { wrapper: around(me, at) });

  it("has exactly the viewer's tabs, with counts up to 99 (TAB-7, TAB-8)", () => {
    list("/chats?tab=all", { ...ME, tabs: ["all", "open", "mine"] });
    const counts = screen.getAllByTestId(/^tab-count-/).map((count) => count.textContent);
    expect(counts).toEqual(["0", "99+", "3"]);
  });

  it("shows active filters that can be removed one by one, and all at once (FILT-1)", () => {
    list("/chats?tab=mine&order=oldest&tag=t0&department=old&channel=whatsapp&unread=true");
    expect(screen.getByTestId("filter-tag").textContent).toBe("Etiqueta: VIP");
    expect(screen.getByTestId("filter-department").textContent).toBe(
      "Departamento: Antigo (inativo)",
    );
    expect(screen.getByTestId("filters").textContent).toBe("Filtros4ativos");
    expect(screen.queryByTestId("filter-agent")).toBeNull();
    fireEvent.click(screen.getByTestId("filter-tag-remove"));
    expect(address()).toBe(
      "/chats?tab=mine&order=oldest&unread=true&department=old&channel=whatsapp",
    );
    fireEvent.click(screen.getByTestId("filters-clear"));
    expect(address()).toBe("/chats?tab=mine&order=oldest");
  });

  it("says so when nothing passes the filters, and offers to clear them", () => {
    list("/chats?tab=all&tag=t0");
    fireEvent.click(
      screen
        .getByText("Nenhuma conversa com estes filtros")
        .parentElement?.querySelector("button") as HTMLElement,
    );
    expect(address()).toBe("/chats?tab=all");
  });

  it("names a value that is gone, and ignores one that cannot be", () => {
    list("/chats?tab=all&tag=was-deleted&agent=%3Cscript%3E&channel=sms");
    expect(screen.getByTestId("filter-tag").textContent).toBe("Etiqueta: não existe mais");
    expect(screen.queryByTestId("filter-agent")).toBeNull();
    expect(screen.queryByTestId("filter-channel")).toBeNull();
  });

  it("chooses a filter from a list that is searched without accents (FILT-1)", async () => {
    list();
    fireEvent.click(screen.getByTestId("filters"));
    fireEvent.click(screen.getByTestId("filter-tag"));
    const field = await screen.findByTestId("finder-search");
    fireEvent.change(field, { target: { value: "orcam" } });
    fireEvent.keyDown(field, { key: "Enter" });
    expect(address()).toBe("/chats?tab=all&tag=t3");
  });

  it("says which tab permissions took away, and leaves it (TAB-7)", () => {
    const page = (tabs: typeof ME.tabs) => (
      <MantineProvider env="test">
        <MemoryRouter initialEntries={["/chats?tab=in_service"]}>
          <DeskContext value={deskAndMe(desk as unknown as Desk, { ...ME, tabs }, LABELS)}>
            <ChatList newChat={() => {}} />
          </DeskContext>
          <Address />
        </MemoryRouter>
      </MantineProvider>
    );
    const { rerender } = render(page(["all", "in_service"]));
    rerender(page(["all"]));
    expect(screen.getByRole("alert").textContent).toContain(
      "Suas permissões mudaram: «Em atendimento» não está mais disponível para você.",
    );
    expect(address()).toBe("/chats?tab=all");
  });

  it("says why a chat could not be marked unread", () => {
    snapshot = { ...snapshot, refused: "not_found" };
    list();
    expect(screen.getByTestId("list-remark").textContent).toContain("não existe mais");
    fireEvent.click(screen.getByRole("button", { name: "Fechar" }));
    expect(desk.forgetRefusal).toHaveBeenCalledOnce();
  });

  it("searches for what is typed after a moment, and gives the list back (FIND-1)", () => {
    vi.useFakeTimers();
    list("/chats?tab=mine&tag=t0");
    const field = screen.getByTestId("search");
    fireEvent.change(field, { target: { value: "joão" } });
    expect(address()).toBe("/chats?tab=mine&tag=t0");
    act(() => void vi.advanceTimersByTime(300));
    expect(address()).toBe("/chats?tab=mine&tag=t0&q=joão");
    fireEvent.keyDown(field, { key: "Escape" });
    expect(address()).toBe("/chats?tab=mine&tag=t0");
    vi.useRealTimers();
  });
});
