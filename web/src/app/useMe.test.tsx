// @vitest-environment jsdom
/** Who is here when the server can, cannot, or will not say it. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { aMe } from "~/features/live/builders";
import { forgetShelf, readMe } from "~/features/offline/deskShelf";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused, Unreachable } from "~/lib/api/http";
import { serverNow } from "~/lib/clock";
import { useLabels, useMe } from "./useMe";

vi.mock("~/lib/api/doors", () => ({ doors: { me: vi.fn(), labels: vi.fn() } }));
vi.mock("~/features/offline/deskShelf", () => ({
  forgetShelf: vi.fn(),
  readMe: vi.fn(),
  SHELF: ["shelf"],
}));

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const LABELS = { tags: [], fields: [], campaigns: [] };
const named = (name: string) => aMe({ agency: { name, time_zone: "America/Sao_Paulo" } });
const me = vi.mocked(doors.me);
const labels = vi.mocked(doors.labels);
const later = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

function asked() {
  const queries = new QueryClient({
    defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, networkMode: "always" } },
  });
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => ({ ...useMe(), labels: useLabels() }), { wrapper });
  return { queries, shown: () => result.current };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.clearAllMocks();
  labels.mockRejectedValue(new Unreachable(null));
  vi.mocked(readMe).mockResolvedValue({
    at: "2026-11-23T11:00:00.000Z",
    shape: 1,
    login: "ana",
    me: named("Guardada"),
    labels: LABELS,
    behind: 90_000,
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("without a network: who was here last, by the clock of then, at the first failure", async () => {
  me.mockRejectedValue(new Unreachable(null));
  const { shown } = asked();
  await later(50);
  expect(shown()).toMatchObject({ data: { agency: { name: "Guardada" } }, isKept: true });
  expect(shown().labels).toEqual(LABELS);
  expect(serverNow()).toBe(Date.now() + 90_000);
  expect(forgetShelf).not.toHaveBeenCalled();
});

it("once the server is there, what it says, without an empty moment between", async () => {
  me.mockRejectedValue(new Unreachable(null));
  const { queries, shown } = asked();
  await later(10_000);
  expect(shown().error).toBeInstanceOf(Unreachable);
  me.mockResolvedValue(named("Fresca"));
  labels.mockResolvedValue({ ...LABELS, campaigns: [{ campaign_id: "n", name: "Natal" }] });
  const coming = queries.refetchQueries();
  expect(shown().data?.agency.name).toBe("Guardada");
  await later(50);
  await coming;
  expect(shown()).toMatchObject({ data: { agency: { name: "Fresca" } }, isKept: false });
  expect(shown().labels?.campaigns).toHaveLength(1);
});

it.each([
  ["503", new Refused(503, null, {})],
  ["403", new Refused(403, "forbidden" as never, {})],
  ["a login that ended", new LoggedOut()],
])("an answer of the server is not a missing network: %s", async (_, reason) => {
  me.mockRejectedValue(reason);
  const { shown } = asked();
  await later(10_000);
  expect(readMe).not.toHaveBeenCalled();
  expect(shown().data).toBeUndefined();
  expect(shown().error).toBe(reason);
});

it("who may do nothing any more leaves nothing behind", async () => {
  me.mockRejectedValue(new Refused(403, null, {}));
  asked();
  await later(50);
  expect(forgetShelf).toHaveBeenCalled();
});

it("nothing kept is said as before: the server could not be reached", async () => {
  vi.mocked(readMe).mockResolvedValue(null);
  me.mockRejectedValue(new Unreachable(null));
  const { shown } = asked();
  await later(10_000);
  expect(shown().data).toBeUndefined();
  expect(shown().error).toBeInstanceOf(Unreachable);
});
