/** What the pages ask for, and what is asked anew after a change. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";

/** Another try is worth it: nobody has decided anything. */
export function retried(failures: number, error: unknown): boolean {
  return (
    failures < 2 && !(error instanceof LoggedOut) && !(error instanceof Refused && !error.passing)
  );
}

/** Kept while the pages are walked through, and asked anew at each visit. */
export const EACH_VISIT = { staleTime: 0, retry: retried } as const;

export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: doors.users, ...EACH_VISIT });
}

export function useDepartments() {
  return useQuery({ queryKey: ["departments"], queryFn: doors.departments, ...EACH_VISIT });
}

export function useLabels() {
  return useQuery({ queryKey: ["labels"], queryFn: doors.labels, ...EACH_VISIT });
}

export type Known =
  | "me"
  | "users"
  | "departments"
  | "labels"
  | "contacts"
  | "attendances"
  | "channels"
  | "templates"
  | "quick_replies"
  | "flows"
  | "webhooks"
  | "business_hours"
  | "schedules"
  | "appointments"
  | "settings";

/** Asks anew for what a change has made old. */
export function useRenew() {
  const queries = useQueryClient();
  return useCallback(
    (...names: Known[]) =>
      Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] }))),
    [queries],
  );
}

/** How far the rows of a query are, as tables show it. */
export function stateOf(query: {
  data: unknown;
  isError: boolean;
}): "loading" | "failed" | "ready" {
  if (query.data !== undefined) return "ready";
  return query.isError ? "failed" : "loading";
}
