// @vitest-environment jsdom
/** The general settings, as who administers the agency meets them. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { aMe } from "~/features/live/builders";
import { addSentences } from "~/i18n";
import { administration } from "~/i18n/administration";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { FlowSummary, Settings } from "~/lib/api/types";
import SettingsPage from "./SettingsPage";

const SETTINGS: Settings = {
  read_receipts: false,
  audio_confirmation: false,
  name_prefix: false,
  human_agent: false,
  chatbot: false,
  main_flow_id: null,
  closing_flow_id: null,
  auto_close: false,
  session_farewell: "Até breve",
  chatbot_since: null,
};

const aFlow = (flow_id: string, name: string, published: number | null): FlowSummary => ({
  flow_id,
  name,
  category_id: null,
  published,
  changed: false,
  faults: 0,
  nodes: 1,
  updated_at: "2026-11-24T12:00:00.000Z",
  updated_by: null,
});

let kept: Settings;
const save = vi.spyOn(doors, "saveSettings");

beforeAll(() => {
  addSentences("administration", administration);
  window.matchMedia = ((media: string) => ({
    matches: false,
    media,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as unknown as typeof window.matchMedia;
});
beforeEach(() => {
  kept = SETTINGS;
  save.mockReset();
  save.mockImplementation(async (changes) => {
    kept = { ...kept, ...changes } as Settings;
    return kept;
  });
  vi.spyOn(doors, "settings").mockImplementation(async () => kept);
  vi.spyOn(doors, "flows").mockImplementation(async () => ({
    flows: [aFlow("f1", "Boas-vindas", 3), aFlow("f2", "Rascunho", null)],
    categories: [],
    main_flow_id: null,
    closing_flow_id: null,
    chatbot: false,
  }));
});
afterEach(cleanup);

async function open() {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter>
          <SettingsPage me={aMe()} />
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await waitFor(() => screen.getByTestId("auto-close"));
}

describe("the end of a session (SES-4)", () => {
  const outcome = () => screen.getByTestId("session-settings-outcome").textContent;
  const typed = () => (screen.getByTestId("session-farewell") as HTMLTextAreaElement).value;
  const type = (value: string) =>
    fireEvent.change(screen.getByTestId("session-farewell"), { target: { value } });

  it("the automatic closing is turned on by a click, which says so on its own card", async () => {
    await open();
    expect(screen.getByText(/Só é enviada com o fechamento automático ligado/)).toBeTruthy();
    fireEvent.click(screen.getByTestId("auto-close"));
    await waitFor(() => expect(outcome()).toContain("Configuração salva"));
    expect(save.mock.calls[0]?.[0]).toEqual({ auto_close: true });
    expect(screen.getByTestId("auto-close")).toHaveProperty("checked", true);
    expect(screen.queryByText(/Só é enviada com o fechamento automático ligado/)).toBeNull();
    expect(screen.getByTestId("settings-outcome").textContent).toBe("");
  });

  it("goes back when the server refuses, and says why", async () => {
    save.mockRejectedValue(new Refused(403, "forbidden", { code: "forbidden" }));
    await open();
    fireEvent.click(screen.getByTestId("auto-close"));
    await waitFor(() => screen.getByRole("alert"));
    expect(screen.getByRole("alert").textContent).toContain("permissão");
    expect(screen.getByTestId("auto-close")).toHaveProperty("checked", false);
  });

  it("the message is saved when it is asked for, without what stands around it", async () => {
    await open();
    expect(typed()).toBe("Até breve");
    expect(screen.getByTestId("session-farewell-save")).toHaveProperty("disabled", true);
    type(" Até mais, {nome} ");
    fireEvent.click(screen.getByTestId("session-farewell-save"));
    await waitFor(() => expect(outcome()).toContain("Configuração salva"));
    expect(save.mock.calls[0]?.[0]).toEqual({ session_farewell: "Até mais, {nome}" });
    await waitFor(() => expect(typed()).toBe("Até mais, {nome}"));
    type("");
    await waitFor(() => expect(outcome()).toBe(""));
    fireEvent.click(screen.getByTestId("session-farewell-save"));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
    expect(save.mock.calls[1]?.[0]).toEqual({ session_farewell: "" });
  });

  it("what was typed stays when it could not be saved, and while a switch is", async () => {
    await open();
    type("Novo");
    fireEvent.click(screen.getByTestId("auto-close"));
    await waitFor(() => expect(outcome()).toContain("Configuração salva"));
    expect(typed()).toBe("Novo");
    save.mockRejectedValueOnce(new Error("no answer"));
    fireEvent.click(screen.getByTestId("session-farewell-save"));
    await waitFor(() => screen.getByRole("alert"));
    expect(typed()).toBe("Novo");
    expect(screen.getByTestId("session-farewell-save")).toHaveProperty("disabled", false);
  });

  it("is as long as a message may be", async () => {
    await open();
    type("a".repeat(4097));
    fireEvent.click(screen.getByTestId("session-farewell-save"));
    await waitFor(() => screen.getByText("O limite é de 4096 caracteres."));
    expect(save).not.toHaveBeenCalled();
  });
});

describe("the chatbot (FLOW-13, CLOSE-5)", () => {
  const names = (testId: string) =>
    [...(screen.getByTestId(testId) as HTMLSelectElement).options].map((one) => one.text);

  it("is turned on by a click, which says that it needs a main flow", async () => {
    await open();
    fireEvent.click(screen.getByTestId("chatbot"));
    await waitFor(() => expect(save.mock.calls[0]?.[0]).toEqual({ chatbot: true }));
    expect(screen.getByTestId("chatbot-off").textContent).toContain("Sem fluxo principal");
  });

  it("only flows that are published may be chosen, or none", async () => {
    await open();
    await waitFor(() => expect(names("main-flow")).toEqual(["Nenhum", "Boas-vindas"]));
    expect(names("closing-flow")).toEqual(["Nenhum", "Boas-vindas"]);
    fireEvent.change(screen.getByTestId("main-flow"), { target: { value: "f1" } });
    fireEvent.change(screen.getByTestId("closing-flow"), { target: { value: "" } });
    await waitFor(() =>
      expect(save.mock.calls.map(([changes]) => changes)).toEqual([
        { main_flow_id: "f1" },
        { closing_flow_id: "" },
      ]),
    );
  });

  it("a flow that was chosen and runs no more stays in sight", async () => {
    kept = { ...SETTINGS, chatbot: true, main_flow_id: "gone" };
    await open();
    await waitFor(() => expect(names("main-flow")).toContain("Este fluxo não está publicado."));
    expect((screen.getByTestId("main-flow") as HTMLSelectElement).value).toBe("gone");
  });
});
