/** The live connection where no desk is at work: what others change, and notices (PERM-2, NOTIF-1). */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { followWindow, openWire, presenceOn } from "~/features/live/presence";
import { LiveSocket } from "~/features/live/socket";
import { heard } from "~/features/notifications/bell";
import { doors } from "~/lib/api/doors";

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
export function useDirectory(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const renew = async (...names: readonly string[]) => {
      await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
    };
    const socket = new LiveSocket(
      {
        ticket: doors.ticket,
        open: openWire,
        resync: () => renew(...ALL, "notifications"),
        onEvents: ({ events }) => {
          for (const event of events) {
            if (event.type === "directory") void renew(...PARTS[event.part]);
            else if (event.type === "channel") void renew(...CHANNEL);
            else if (event.type === "bell" || event.type === "sound") heard(event, queries);
          }
        },
        onState: () => {},
        random: Math.random,
      },
      { tab: null, chat_id: null },
      presenceOn("other"),
    );
    socket.start();
    const unfollow = followWindow(socket);
    return () => {
      unfollow();
      socket.stop();
    };
  }, [queries]);
}
