/** The templates that may be sent from an account: asked anew each time a window opens. */

import { useQuery } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";

/** Null: of the agency's first WhatsApp number. */
export function useTemplates(account: string | null) {
  return useQuery({
    queryKey: ["templates", account],
    queryFn: () => doors.templates({ account }),
    staleTime: 0,
    retry: (failures, reason) => failures < 1 && !(reason instanceof Refused && !reason.passing),
  });
}
