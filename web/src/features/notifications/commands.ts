/** What an agent does with the bell: here at once, then at the server (NOTIF-2). */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { doors } from "~/lib/api/doors";
import type { BellEntry, Notifications } from "~/lib/api/types";
import { BELL } from "./bell";

/** All entries count as looked at. */
export function allSeen(told: Notifications): Notifications {
  return { ...told, entries: told.entries.map((entry) => ({ ...entry, seen: true })) };
}

/** The bell without some of its entries. */
export function without(told: Notifications, ids: readonly string[]): Notifications {
  return { ...told, entries: told.entries.filter((entry) => !ids.includes(entry.id)) };
}

/** The bell with entries that were taken away, in their places: what happened last first. */
export function withBack(told: Notifications, back: readonly BellEntry[]): Notifications {
  const ids = back.map((entry) => entry.id);
  const entries = [...without(told, ids).entries, ...back];
  return {
    ...told,
    entries: entries.toSorted((a, b) =>
      a.at === b.at ? compare(b.id, a.id) : compare(b.at, a.at),
    ),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Shows a change before it is asked for; what then really is, is fetched when it was refused. */
async function atOnce<T>(
  queries: QueryClient,
  change: (told: Notifications) => Notifications,
  ask: () => Promise<T>,
): Promise<T> {
  await queries.cancelQueries({ queryKey: BELL });
  queries.setQueryData<Notifications>(BELL, (told) => told && change(told));
  try {
    return await ask();
  } finally {
    void queries.invalidateQueries({ queryKey: BELL });
  }
}

/** Turns this agent's sounds off or on. Rejects with Refused, Unreachable or LoggedOut. */
export function mute(queries: QueryClient, muted: boolean): Promise<unknown> {
  return atOnce(
    queries,
    (told) => ({ ...told, muted }),
    () => doors.muteSound(muted),
  );
}

/** What can be done with the bell. All reject with Refused, Unreachable or LoggedOut. */
export function useBellCommands() {
  const queries = useQueryClient();
  return useMemo(
    () => ({
      remove: (id: string) =>
        atOnce(
          queries,
          (told) => without(told, [id]),
          () => doors.removeNotification(id),
        ),
      /** Answers the ids of all that are gone by it. */
      clear: async (through: string) => {
        const { ids } = await atOnce(
          queries,
          (told) => ({ ...told, entries: [] }),
          () => doors.clearNotifications(through),
        );
        return ids;
      },
      restore: (ids: string[], entries: BellEntry[]) =>
        atOnce(
          queries,
          (told) => withBack(told, entries),
          () => doors.restoreNotifications(ids),
        ),
      look: (through: string) => atOnce(queries, allSeen, () => doors.seenNotifications(through)),
    }),
    [queries],
  );
}
