/** How this device stands to pushes, anew whenever something may have changed it. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { standingHere, turnOn } from "./push";

const HERE = ["push-here"];
export const DEVICES = ["push-devices"];

export function useStanding(agent: string) {
  return useQuery({
    queryKey: [...HERE, agent],
    queryFn: () => standingHere(agent),
    networkMode: "always",
    staleTime: 0,
  });
}

/** After this device was turned on or off. */
export function useMoved(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    void queries.invalidateQueries({ queryKey: HERE });
    void queries.invalidateQueries({ queryKey: DEVICES });
  }, [queries]);
}

/**
 * The permission is changed outside of the page: it is looked at when the page is seen again. Who
 * has just lifted the block wants the notifications, so they are turned on.
 */
export function usePermission(agent: string, blocked: boolean): void {
  const moved = useMoved();
  useEffect(() => {
    if (!("Notification" in window)) return;
    const stop = new AbortController();
    const look = () => {
      if (document.visibilityState !== "visible") return;
      if (blocked && Notification.permission === "granted") {
        turnOn(agent).then(moved, moved);
      } else moved();
    };
    document.addEventListener("visibilitychange", look, { signal: stop.signal });
    navigator.permissions?.query({ name: "notifications" }).then(
      (permission) => permission.addEventListener("change", look, { signal: stop.signal }),
      () => {},
    );
    return () => stop.abort();
  }, [agent, blocked, moved]);
}
