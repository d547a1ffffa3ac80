/** The general settings: as they are, with what is on its way, and what saves a part of them. */

import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import type { SaveSettings, Settings } from "~/lib/api/types";
import { EACH_VISIT } from "../queries";

const KEY = ["settings"];

export function useSettings() {
  const settings = useQuery({ queryKey: KEY, queryFn: doors.settings, ...EACH_VISIT });
  const wanted = useMutationState({
    filters: { mutationKey: KEY, status: "pending" },
    select: (one) => one.state.variables as SaveSettings,
  });
  // A switch takes effect on the click, and goes back if the server refuses.
  const shown = settings.data && (Object.assign({}, settings.data, ...wanted) as Settings);
  return { settings, shown };
}

/** Each card has its own, and so says itself what became of it. */
export function useSaveSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: KEY,
    scope: { id: "settings" }, // one after the other, in the order of the clicks
    mutationFn: doors.saveSettings,
    onSuccess: (after) => queries.setQueryData<Settings>(KEY, after),
  });
}
