/** Who is here: asked once, kept for every page, asked again now and then. */

import { useQuery } from "@tanstack/react-query";
import { forgetShelf, readMe, SHELF } from "~/features/offline/deskShelf";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused, Unreachable } from "~/lib/api/http";
import type { Labels } from "~/lib/api/types";
import { calibrate } from "~/lib/clock";
import { setTimeZone } from "~/lib/time";

const ME_EVERY_MS = 5 * 60_000;

/**
 * The viewer and the names around them; sets the server's clock and the agency's time zone. Where
 * the server was never reached: as they were when it last was.
 */
export function useMe() {
  const { data, error, failureReason, refetch } = useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const me = await doors.me().catch((reason) => {
        if (reason instanceof Refused && reason.status === 403) forgetShelf();
        throw reason;
      });
      calibrate(me.server_now);
      setTimeZone(me.agency.time_zone);
      return me;
    },
    refetchInterval: ME_EVERY_MS,
    retry: (failures, reason) =>
      failures < 2 &&
      !(reason instanceof Refused && !reason.passing) &&
      !(reason instanceof LoggedOut),
  });
  const kept = useKept(data === undefined && failureReason instanceof Unreachable);
  return { data: data ?? kept?.me, error, refetch, isKept: data === undefined };
}

/** Tags, fields and campaigns; null until they are known. */
export function useLabels(): Labels | null {
  const { data } = useQuery({ queryKey: ["labels"], queryFn: doors.labels, retry: 3 });
  const kept = useKept(false);
  return data ?? kept?.labels ?? null;
}

/** Who was here, from the shelf: looked up when `wanted`, and known from then on. */
function useKept(wanted: boolean) {
  const { data } = useQuery({
    queryKey: SHELF,
    queryFn: async () => {
      const kept = await readMe();
      if (kept === null) return null;
      calibrate(new Date(Date.now() + kept.behind).toISOString());
      setTimeZone(kept.me.agency.time_zone);
      return kept;
    },
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
