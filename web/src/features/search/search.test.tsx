// @vitest-environment jsdom
/** The results of a search: what matched, the keyboard, and what is said when nothing did. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { SearchHit } from "~/lib/api/types";
import { aMe, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { SearchField } from "./SearchField";
import SearchResults from "./SearchResults";

const search = vi.spyOn(doors, "search");
const desk = { subscribe: () => () => {}, getSnapshot: () => ({}) } as unknown as Desk;
const hit = (id: string, fields: Partial<SearchHit> = {}, name = id): SearchHit => ({
  row: aRow(id, { name, phone: "5511987654321" }),
  matched: "name",
  protocol: null,
  ...fields,
});

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}

function found(q: string) {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter initialEntries={[`/chats?tab=mine&tag=vip&q=${encodeURIComponent(q)}`]}>
          <DeskContext value={deskAndMe(desk, aMe(), null)}>
            <SearchField />
            <SearchResults q={q} />
            <Address />
          </DeskContext>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const results = () => screen.findAllByTestId("search-result");

beforeAll(() => {
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
});
beforeEach(() => search.mockReset());
afterEach(cleanup);

describe("FIND-1", () => {
  it("marks what matched, name, phone or protocol, and says when there is more", async () => {
    search.mockResolvedValue({
      hits: [
        hit("a", {}, "João Souza"),
        hit("b", { matched: "phone" }, "Bia"),
        hit("c", { matched: "protocol", protocol: "100042" }, "Caio"),
      ],
      more: true,
    });
    found("souza 4321");
    const shown = await results();
    expect(shown.map((one) => one.querySelector("mark")?.textContent)).toEqual([
      "Souza",
      "4321",
      "100042",
    ]);
    expect(screen.getByTestId("search-status").textContent).toBe("3 conversas encontradas");
    expect(screen.getByTestId("search-more").textContent).toContain("Há mais resultados");
  });

  it("is walked with the arrows, and opened without losing tab and filters", async () => {
    search.mockResolvedValue({ hits: [hit("a"), hit("b")], more: false });
    found("x");
    const [first, second] = await results();
    const field = screen.getByTestId("search");
    field.focus();
    fireEvent.keyDown(field, { key: "ArrowDown" });
    expect(document.activeElement).toBe(first);
    fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
    expect(document.activeElement).toBe(second);
    fireEvent.keyDown(second as HTMLElement, { key: "ArrowUp" });
    fireEvent.keyDown(first as HTMLElement, { key: "ArrowUp" });
    expect(document.activeElement).toBe(field);
    fireEvent.keyDown(field, { key: "Enter" });
    expect(screen.getByTestId("address").textContent).toBe("/chats/a?tab=mine&tag=vip&q=x");
  });

  it("says that nothing was found", async () => {
    search.mockResolvedValue({ hits: [], more: false });
    found("ninguém");
    expect(await screen.findByText("Nada encontrado")).toBeTruthy();
  });

  it("says that it could not search, and tries again", async () => {
    search.mockRejectedValue(new Refused(400, "invalid", {}));
    found("x");
    await screen.findByText("A busca não pôde ser feita");
    search.mockResolvedValue({ hits: [hit("a")], more: false });
    fireEvent.click(screen.getByRole("button", { name: "Tentar novamente" }));
    expect(await results()).toHaveLength(1);
  });
});
