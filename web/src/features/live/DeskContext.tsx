/** How parts of the page look at the desk and act on it. */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { AgentName, Department, Me } from "~/lib/api/types";
import type { Desk, Snapshot } from "./desk";

export interface DeskAndMe {
  desk: Desk;
  me: Me;
  agents: Map<string, AgentName>;
  departments: Map<string, Department>;
}

export const DeskContext = createContext<DeskAndMe | null>(null);

export function useDeskAndMe(): DeskAndMe {
  const value = useContext(DeskContext);
  if (!value) throw new Error("outside of the desk");
  return value;
}

/** A part of the desk; the component draws again only when that part is another object. */
export function useDesk<T>(select: (snapshot: Snapshot) => T): T {
  const { desk } = useDeskAndMe();
  return useSyncExternalStore(desk.subscribe, () => select(desk.getSnapshot()));
}
