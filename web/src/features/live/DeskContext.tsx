/** How parts of the page look at the desk and act on it. */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { AgentName, Campaign, Department, Field, Labels, Me, Tag } from "~/lib/api/types";
import type { Desk, Snapshot } from "./desk";

export interface DeskAndMe {
  desk: Desk;
  me: Me;
  agents: Map<string, AgentName>;
  departments: Map<string, Department>;
  /** Null until tags, fields and campaigns have been fetched; the maps are empty meanwhile. */
  labels: Labels | null;
  tags: Map<string, Tag>;
  campaigns: Map<string, Campaign>;
  fields: Map<string, Field>;
}

export const DeskContext = createContext<DeskAndMe | null>(null);

/** Everything by its id, in the order in which the server lists it. */
export function deskAndMe(desk: Desk, me: Me, labels: Labels | null): DeskAndMe {
  return {
    desk,
    me,
    labels,
    agents: new Map(me.agents.map((agent) => [agent.agent_id, agent])),
    departments: new Map(me.departments.map((one) => [one.department_id, one])),
    tags: new Map(labels?.tags.map((tag) => [tag.tag_id, tag])),
    campaigns: new Map(labels?.campaigns.map((campaign) => [campaign.campaign_id, campaign])),
    fields: new Map(labels?.fields.map((field) => [field.field_id, field])),
  };
}

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
