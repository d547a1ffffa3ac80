/** Hears of what others change while no desk is at work (PERM-2, ADM-1, INB-10). */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { LiveSocket, type Wire } from "~/features/live/socket";
import { doors } from "~/lib/api/doors";
import type { Me } from "~/lib/api/types";

/** A socket needs a tab to listen to; who has none asks this often instead. */
const WITHOUT_SOCKET_MS = 5_000;

const PARTS = {
  me: ["me"],
  people: ["me", "users", "departments", "channels", "settings"],
  labels: ["labels"],
  quick_replies: ["quick_replies"],
  templates: ["templates"],
  flows: ["flows", "settings", "me"],
} as const;
const CHANNEL = ["me", "channels"] as const;
const ALL = [...new Set(Object.values(PARTS).flat())];

/** Keeps whatever of it is shown as new as the server has them; for as long as it is mounted. */
export function useDirectory(me: Me): void {
  const queries = useQueryClient();
  const tab = me.tabs[0] ?? null;
  useEffect(() => {
    const renew = async (...names: readonly string[]) => {
      await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    };
    if (tab === null) {
      const timer = setInterval(() => void renew("me"), WITHOUT_SOCKET_MS);
      return () => clearInterval(timer);
    }
    const socket = new LiveSocket(
      {
        ticket: doors.ticket,
        open: (url) => new WebSocket(url) as unknown as Wire,
        resync: () => renew(...ALL),
        onEvents: ({ events }) => {
          for (const event of events) {
            if (event.type === "directory") void renew(...PARTS[event.part]);
            else if (event.type === "channel") void renew(...CHANNEL);
          }
        },
        onState: () => {},
        random: Math.random,
      },
      { tab, chat_id: null },
    );
    socket.start();
    const wake = () => socket.wake();
    const lost = () => socket.networkLost();
    window.addEventListener("online", wake);
    window.addEventListener("offline", lost);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", lost);
      document.removeEventListener("visibilitychange", wake);
      socket.stop();
    };
  }, [queries, tab]);
}
