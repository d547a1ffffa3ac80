/** What is to come for a contact, kept as new as the chat says it is; and the flows that may be chosen. */

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { FlowSummary } from "~/lib/api/types";

/** Another try is worth it: nobody has decided anything. */
function retried(failures: number, error: unknown): boolean {
  return (
    failures < 2 && !(error instanceof LoggedOut) && !(error instanceof Refused && !error.passing)
  );
}

/** Messages and flows. `rev` grows with each change of them; older ones stay while newer are fetched. */
export function useChatSchedules(chatId: string, rev: number) {
  return useQuery({
    queryKey: ["schedules", "chat", chatId, rev],
    queryFn: () => doors.chatSchedules(chatId),
    placeholderData: keepPreviousData,
    retry: retried,
    gcTime: 60_000,
  });
}

/** Appointments, likewise. */
export function useChatAppointments(chatId: string, rev: number) {
  return useQuery({
    queryKey: ["appointments", "chat", chatId, rev],
    queryFn: () => doors.chatAppointments(chatId),
    placeholderData: keepPreviousData,
    retry: retried,
    gcTime: 60_000,
  });
}

/** Every flow, as lists have it. */
export function useFlows() {
  return useQuery({ queryKey: ["flows"], queryFn: doors.flows, retry: retried });
}

/** Those that run, by name. */
export function publishedOf(flows: readonly FlowSummary[]): FlowSummary[] {
  return flows.filter((one) => one.published !== null);
}

/** Asks anew for all that is shown of what is to come. */
export function useRenewed(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    await Promise.all(
      ["schedules", "appointments"].map((name) => queries.invalidateQueries({ queryKey: [name] })),
    );
  }, [queries]);
}
