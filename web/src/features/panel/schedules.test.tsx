// @vitest-environment jsdom
/** «Agendamentos», its windows and «Encaminhar para fluxo», as an agent meets them. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Chat, FlowSummary, Me, Schedule } from "~/lib/api/types";
import { setTimeZone } from "~/lib/time";
import { aChat, aMe, aRow } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { ScheduleWindow } from "../schedules/ScheduleWindow";
import { FlowWindow } from "./FlowWindow";
import { SchedulesSection } from "./SchedulesSection";

addSentences("panel", panel);

const SINCE = "2026-11-01T00:00:00.000Z"; // of the chatbot
const desk = { startFlow: vi.fn() };
const ask = vi.fn();
const close = vi.fn();
let me: Me;
let queries: QueryClient;
let kept: Schedule[];

function Around({ children }: { children: ReactNode }) {
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <DeskContext value={deskAndMe(desk as unknown as Desk, me, null)}>{children}</DeskContext>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function aSchedule(scheduleId: string, facts: Partial<Schedule> = {}): Schedule {
  return {
    schedule_id: scheduleId,
    version: 3,
    chat_id: "a",
    contact_name: "Bia",
    channel: "whatsapp",
    kind: "flow",
    due_at: "2099-11-24T17:30:00.000Z",
    name: scheduleId,
    language: null,
    values: {},
    opens: false,
    flow_id: "f1",
    state: "pending",
    reason: null,
    lacks: [],
    by: "ana",
    by_name: "Ana",
    created_at: "2026-11-24T12:00:00.000Z",
    done_at: null,
    ...facts,
  };
}

const aFlow = (flowId: string, name: string, published: boolean) =>
  ({
    flow_id: flowId,
    name,
    category_id: null,
    published: published ? 1 : null,
  }) as unknown as FlowSummary;

const section = (chat: Partial<Chat> = {}) =>
  render(<SchedulesSection chat={aChat("a", chat)} ask={ask} />, { wrapper: Around });
const press = (testId: string) => fireEvent.click(screen.getByTestId(testId));
const type = (testId: string, value: string) =>
  fireEvent.change(screen.getByTestId(testId), { target: { value } });
const button = (testId: string) => screen.getByTestId(testId) as HTMLButtonElement;
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
  const viewer = aMe();
  me = {
    ...viewer,
    agent: { ...viewer.agent, permissions: ["schedules"] },
    settings: { ...viewer.settings, chatbot_since: SINCE },
  };
  queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  kept = [aSchedule("Boas-vindas"), aSchedule("Pesquisa", { due_at: "2099-11-25T17:30:00.000Z" })];
  vi.spyOn(doors, "chatSchedules").mockImplementation(async () => ({ schedules: kept }));
  vi.spyOn(doors, "flows").mockImplementation(async () => ({
    flows: [aFlow("f1", "Boas-vindas", true), aFlow("f2", "Rascunho", false)],
    categories: [],
    chatbot: true,
    main_flow_id: null,
    closing_flow_id: null,
  }));
});
afterEach(() => {
  cleanup();
  setTimeZone("America/Sao_Paulo");
});

describe("«Agendamentos»", () => {
  it("SCH-3: a click on one asks for its deletion, its pencil edits it", async () => {
    section();
    await screen.findAllByTestId("schedule");
    fireEvent.click(screen.getAllByTestId("schedule-card")[1] as HTMLElement);
    expect(ask).toHaveBeenLastCalledWith({ window: "dropSchedule", schedule: kept[1] });
    fireEvent.click(screen.getAllByTestId("edit-schedule")[0] as HTMLElement);
    expect(ask).toHaveBeenLastCalledWith({ window: "schedule", kind: "flow", schedule: kept[0] });
  });

  it("without the permission it is read, and nothing more", async () => {
    me.agent.permissions = [];
    section();
    expect(await screen.findAllByTestId("schedule")).toHaveLength(2);
    const acts = ["schedule-message", "schedule-new-flow", "remove-flows"];
    for (const one of [...acts, "schedule-card", "edit-schedule"]) {
      expect(screen.queryByTestId(one)).toBeNull();
    }
  });

  it("SCH-4: a blocked contact has no new ones, and the panel says so; what stands may be deleted", async () => {
    section({ row: aRow("a", { blocked: true }) });
    await screen.findAllByTestId("schedule");
    expect(screen.getByTestId("schedules-blocked").textContent).toContain("está bloqueado");
    expect(button("schedule-message").disabled).toBe(true);
    expect(button("schedule-new-flow").disabled).toBe(true);
    expect(screen.queryByTestId("edit-schedule")).toBeNull();
    expect(screen.getAllByTestId("schedule-card")).toHaveLength(2);
  });

  it("where a channel has no templates only flows are scheduled", () => {
    me.rules.instagram = { ...me.rules.whatsapp, templates: false } as Me["rules"]["instagram"];
    section({ row: aRow("a", { channel: "instagram" }) });
    expect(screen.queryByTestId("schedule-message")).toBeNull();
    expect(button("schedule-new-flow").disabled).toBe(false);
  });

  it("SCH-5: what is over is shown when asked for, with what became of it", async () => {
    kept = [
      aSchedule("Lembrete", { kind: "message", state: "not_sent", reason: "contact_blocked" }),
    ];
    section();
    expect(await screen.findByText("Nada agendado para este contato.")).toBeTruthy();
    expect(screen.queryByTestId("schedule")).toBeNull();
    press("schedules-past");
    expect(screen.getByTestId("schedule-state").textContent).toBe(
      "Não enviado: o contato está bloqueado",
    );
    expect(screen.queryByTestId("schedule-card")).toBeNull();
    expect(screen.queryByTestId("remove-flows")).toBeNull();
  });

  it("follows the chat: another revision is another question", async () => {
    const { rerender } = section({ profile_rev: 1 });
    await screen.findAllByTestId("schedule");
    kept = [];
    rerender(<SchedulesSection chat={aChat("a", { profile_rev: 2 })} ask={ask} />);
    await waitFor(() => expect(screen.queryByTestId("schedule")).toBeNull());
  });

  it("what could not be loaded says so, and is asked for again", async () => {
    vi.spyOn(doors, "chatSchedules").mockRejectedValueOnce(new Refused(404, "not_found", {}));
    section();
    fireEvent.click(await screen.findByRole("button", { name: "Tentar novamente" }));
    expect(await screen.findAllByTestId("schedule")).toHaveLength(2);
  });
});

describe("«Remover fluxos» (SCH-3)", () => {
  it("removes without asking, and brings back exactly those", async () => {
    const remove = vi.spyOn(doors, "removeFlows").mockImplementation(async () => {
      kept = [];
      return { schedule_ids: ["Boas-vindas", "Pesquisa"] };
    });
    const restore = vi.spyOn(doors, "restoreFlows").mockImplementation(async () => {
      kept = [aSchedule("Boas-vindas"), aSchedule("Pesquisa")];
      return { schedules: kept };
    });
    section();
    fireEvent.click(await screen.findByTestId("remove-flows"));
    expect((await screen.findByTestId("flows-removed")).textContent).toContain(
      "2 fluxos agendados foram removidos.",
    );
    expect(remove).toHaveBeenCalledExactlyOnceWith("a");
    await waitFor(() => expect(screen.queryByTestId("remove-flows")).toBeNull());
    press("restore-flows");
    await screen.findByText("2 fluxos foram agendados de novo.");
    expect(restore).toHaveBeenCalledExactlyOnceWith("a", ["Boas-vindas", "Pesquisa"]);
    expect(await screen.findAllByTestId("schedule")).toHaveLength(2);
  });

  it("one that did not come back is said", async () => {
    vi.spyOn(doors, "removeFlows").mockResolvedValue({ schedule_ids: ["Boas-vindas", "Pesquisa"] });
    vi.spyOn(doors, "restoreFlows").mockResolvedValue({ schedules: [aSchedule("Pesquisa")] });
    section();
    fireEvent.click(await screen.findByTestId("remove-flows"));
    fireEvent.click(await screen.findByTestId("restore-flows"));
    expect(await screen.findByText(/Nem todos voltaram/)).toBeTruthy();
  });

  it("a refusal is said, and nothing can be undone", async () => {
    vi.spyOn(doors, "removeFlows").mockRejectedValue(refusal("forbidden"));
    section();
    fireEvent.click(await screen.findByTestId("remove-flows"));
    expect(await screen.findByText("Você não tem permissão para isso.")).toBeTruthy();
    expect(screen.queryByTestId("restore-flows")).toBeNull();
  });
});

describe("«Agendar novo fluxo» (SCH-2)", () => {
  const open = (schedule: Schedule | null = null) =>
    render(<ScheduleWindow chatId="a" kind="flow" schedule={schedule} close={close} />, {
      wrapper: Around,
    });

  it("asks for what is missing, and sends the agency's instant once", async () => {
    const add = vi.spyOn(doors, "addSchedule").mockResolvedValue(aSchedule("Boas-vindas"));
    open();
    await screen.findByRole("option", { name: "Boas-vindas" });
    expect(screen.queryByRole("option", { name: "Rascunho" })).toBeNull();
    press("schedule-save");
    expect(screen.getByText("Preencha a data e a hora.")).toBeTruthy();
    type("schedule-flow", "f1");
    type("schedule-day", "24/11/2099");
    type("schedule-clock", "1430");
    press("schedule-save");
    press("schedule-save");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(add).toHaveBeenCalledExactlyOnceWith("a", {
      due_at: "2099-11-24T17:30:00.000Z",
      template: null,
      opens: false,
      flow_id: "f1",
      client_key: expect.any(String),
    });
  });

  it.each([
    ["America/Sao_Paulo", "24/11/2020", "14:30", "Escolha uma data e hora que ainda não passaram."],
    ["America/Sao_Paulo", "31/02/2099", "14:30", "Escreva uma data que existe, como 31/12/2026."],
    ["America/Sao_Paulo", "24/11/2099", "25:00", "Escreva a hora como 14:30."],
    [
      "America/New_York",
      "14/03/2027",
      "02:30",
      "Esta hora não existe neste dia: os relógios são adiantados.",
    ],
  ])("SCH-1: in %s, %s %s is refused: «%s»", async (zone, day, clock, said) => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-24T12:00:00Z") });
    setTimeZone(zone);
    const add = vi.spyOn(doors, "addSchedule");
    open();
    await screen.findByRole("option", { name: "Boas-vindas" });
    type("schedule-flow", "f1");
    type("schedule-day", day);
    type("schedule-clock", clock);
    press("schedule-save");
    expect(screen.getByText(said)).toBeTruthy();
    expect(add).not.toHaveBeenCalled();
    vi.useRealTimers();
  });

  it("tries that were not answered are one schedule; after a refusal it is another one", async () => {
    const add = vi
      .spyOn(doors, "addSchedule")
      .mockRejectedValueOnce(new TypeError("network"))
      .mockRejectedValueOnce(refusal("too_many"))
      .mockResolvedValueOnce(aSchedule("Boas-vindas"));
    open();
    await screen.findByRole("option", { name: "Boas-vindas" });
    type("schedule-flow", "f1");
    type("schedule-day", "24/11/2099");
    type("schedule-clock", "14:30");
    for (const times of [1, 2, 3]) {
      await waitFor(() => expect(button("schedule-save").disabled).toBe(false));
      press("schedule-save");
      await waitFor(() => expect(add).toHaveBeenCalledTimes(times));
    }
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    const [first, second, third] = add.mock.calls.map(([, body]) => body.client_key);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("SCH-5: editing begins with what stands, and one that went out meanwhile is said", async () => {
    const edit = vi.spyOn(doors, "editSchedule").mockRejectedValue(refusal("moved_on"));
    open(aSchedule("s1"));
    await screen.findByRole("option", { name: "Boas-vindas" });
    expect((screen.getByTestId("schedule-clock") as HTMLInputElement).value).toBe("14:30");
    type("schedule-clock", "15:00");
    press("schedule-save");
    await screen.findByTestId("schedule-failed");
    expect(edit).toHaveBeenCalledExactlyOnceWith("a", "s1", {
      due_at: "2099-11-24T18:00:00.000Z",
      template: null,
      opens: false,
      flow_id: "f1",
      version: 3,
    });
    expect(close).not.toHaveBeenCalled();
  });

  it("FLOW-13: while the chatbot is off it says that nothing will fire", async () => {
    me.settings = { ...me.settings, chatbot_since: null };
    open();
    expect(await screen.findByTestId("schedule-chatbot-off")).toBeTruthy();
  });
});

describe("«Encaminhar para fluxo» (FLOW-2)", () => {
  const open = (chat: Partial<Chat> = {}) =>
    render(<FlowWindow chat={aChat("a", chat)} close={close} />, { wrapper: Around });
  const choose = async () => {
    const search = await screen.findByTestId("finder-search");
    type("finder-search", "rascunho");
    expect(screen.getByText("Nenhum fluxo com este nome")).toBeTruthy();
    type("finder-search", "boas");
    fireEvent.keyDown(search, { key: "Enter" });
  };

  it("offers what is published, says what it closes, and fires once", async () => {
    desk.startFlow.mockResolvedValue(undefined);
    open({ protocol: "2026-000123" });
    await choose();
    expect(screen.getByTestId("flow-window").textContent).toContain(
      "O atendimento 2026-000123 é encerrado",
    );
    press("flow-yes");
    press("flow-yes");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
    expect(desk.startFlow).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ protocol: "2026-000123" }),
      "f1",
      expect.any(String),
    );
  });

  it.each<[string, Partial<Chat>, string | null, string]>([
    ["a blocked contact", { row: aRow("a", { blocked: true }) }, SINCE, "bloqueado"],
    ["a chat while the chatbot is off", {}, null, "O chatbot está desligado."],
    [
      "someone else's chat",
      { row: aRow("a", { agent_id: "bruno" }) },
      SINCE,
      "que outra pessoa atende",
    ],
  ])("%s is not forwarded, and the window says why", async (_, chat, since, said) => {
    me.settings = { ...me.settings, chatbot_since: since };
    open(chat);
    await choose();
    expect(button("flow-yes").disabled).toBe(true);
    expect(screen.getByTestId("flow-window").textContent).toContain(said);
  });

  it("a refusal is said, and may be tried again", async () => {
    desk.startFlow.mockRejectedValueOnce(refusal("moved_on")).mockResolvedValueOnce(undefined);
    open();
    await choose();
    press("flow-yes");
    await screen.findByTestId("flow-failed");
    expect(close).not.toHaveBeenCalled();
    press("flow-yes");
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
  });
});
