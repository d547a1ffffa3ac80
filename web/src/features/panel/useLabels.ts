/** Tags and custom fields of the agency, fetched once and anew when the desk hears that they changed. */

import { useQuery } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import { retried } from "./useContact";

export function useLabels() {
  return useQuery({ queryKey: ["labels"], queryFn: doors.labels, retry: retried });
}
