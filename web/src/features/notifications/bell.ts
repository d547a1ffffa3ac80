/** What stands at the bell, and whether it may be heard: what every page needs of it (NOTIF-1, NOTIF-2). */

import { type QueryClient, useQuery } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { NoticeEvent, Notifications } from "~/lib/api/types";

export const BELL = ["notifications"];

export function retried(failures: number, error: unknown): boolean {
  return (
    failures < 2 && !(error instanceof LoggedOut) && !(error instanceof Refused && !error.passing)
  );
}

/** Fetched once, and anew whenever the server says that it moved. */
export function useBell() {
  return useQuery({ queryKey: BELL, queryFn: doors.notifications, retry: retried });
}

/** How many entries the agent has not looked at. */
export function countUnseen(told: Notifications | undefined): number {
  return told?.entries.filter((entry) => !entry.seen).length ?? 0;
}

/** The live connection told of the bell or the sound. */
export function heard(event: NoticeEvent, queries: QueryClient): void {
  if (event.type === "bell") void queries.invalidateQueries({ queryKey: BELL });
  else if (!queries.getQueryData<Notifications>(BELL)?.muted) {
    import("./sound").then(
      ({ sound }) => sound(event),
      () => {},
    );
  }
}
