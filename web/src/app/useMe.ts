/** Who is here: asked once, kept for every page, asked again now and then. */

import { useQuery } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import { calibrate } from "~/lib/clock";
import { setTimeZone } from "~/lib/time";

const ME_EVERY_MS = 5 * 60_000;

/** The viewer and the names around them; sets the server's clock and the agency's time zone. */
export function useMe() {
  return useQuery({
    queryKey: ["me"],
    queryFn: async () => {
      const me = await doors.me();
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
}
