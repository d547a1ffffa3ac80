/** What each filter offers, and by which words it is shown (FILT-1). */

import type { TFunction } from "i18next";
import type { DeskAndMe } from "../live/DeskContext";
import type { Filters } from "../live/reducer";
import { CHANNELS } from "../live/useView";

/** The filters that are chosen from a list; «Visibilidade» is a switch. */
export const CHOSEN = ["tag", "department", "agent", "campaign", "channel"] as const;
export type Chosen = (typeof CHOSEN)[number];

export interface FilterChoice {
  id: string;
  name: string;
  active: boolean;
  color?: string;
}

const BADGES = ["expiring", "expired"] as const;

/** Everything that a filter offers, what is inactive at the end of it. */
export function choicesOf(filter: Chosen, desk: DeskAndMe, t: TFunction): FilterChoice[] {
  switch (filter) {
    case "tag":
      return [
        ...BADGES.map((badge) => ({ id: badge, name: t(`list.${badge}`), active: true })),
        ...[...desk.tags.values()]
          .map((tag) => ({ id: tag.tag_id, name: tag.name, active: true, color: tag.color }))
          .sort((a, b) => a.name.localeCompare(b.name, "pt-BR")),
      ];
    case "department":
      return activeFirst(
        [...desk.departments.values()].map(({ department_id, name, active }) => ({
          id: department_id,
          name,
          active,
        })),
      );
    case "agent":
      return activeFirst(
        [...desk.agents.values()].map(({ agent_id, name, active }) => ({
          id: agent_id,
          name,
          active,
        })),
      );
    case "campaign":
      return [...desk.campaigns.values()].map(({ campaign_id, name }) => ({
        id: campaign_id,
        name,
        active: true,
      }));
    case "channel":
      return CHANNELS.map((channel) => ({
        id: channel,
        name: t(`channels.${channel}`),
        active: true,
      }));
  }
}

function activeFirst(choices: FilterChoice[]): FilterChoice[] {
  return choices.toSorted((a, b) => Number(b.active) - Number(a.active));
}

/** The words for the value that a filter has now; null while they are not known yet. */
export function wordsOf(
  filter: Chosen,
  filters: Filters,
  desk: DeskAndMe,
  t: TFunction,
): string | null {
  const id = filters[filter];
  if (id === null) return null;
  if (filter === "tag" && (id === "expiring" || id === "expired")) return t(`list.${id}`);
  if (filter === "channel") return t(`channels.${id as (typeof CHANNELS)[number]}`);
  if (filter === "department" || filter === "agent") {
    const one = filter === "agent" ? desk.agents.get(id) : desk.departments.get(id);
    if (!one) return t("filters.unknown");
    return one.active ? one.name : `${one.name} (${t("filters.inactive")})`;
  }
  if (desk.labels === null) return null;
  const name = filter === "tag" ? desk.tags.get(id)?.name : desk.campaigns.get(id)?.name;
  return name ?? t("filters.unknown");
}
