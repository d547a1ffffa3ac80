/** What is wrong with a flow's document, in words. */

import type { TFunction } from "i18next";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "~/lib/api/http";
import type { FlowFault } from "~/lib/api/types";

/** These only warn: such a flow may be published. */
const WARNINGS = new Set(["unreachable", "not_on_channel"]);

export function isWarning({ reason }: FlowFault): boolean {
  return WARNINGS.has(reason);
}

/** A function from a fault to its sentence; of a newer server's reason a general one. */
export function useFaultWords(): (fault: FlowFault) => string {
  const { t, i18n } = useTranslation("flows");
  const { t: common } = useTranslation();
  return useCallback(
    ({ reason, name = "" }: FlowFault) => {
      if (!i18n.exists(`flows:faults.${reason}`)) return t("faults.other");
      return t(`faults.${reason}` as "faults.other", { name: nameOf(reason, name, common) });
    },
    [t, i18n, common],
  );
}

function nameOf(reason: string, name: string, common: TFunction): string {
  if (reason === "not_on_channel") {
    return common(`channels.${name}` as "channels.whatsapp", { defaultValue: name });
  }
  return name;
}

/** From `invalid`: the faults of a document that was refused; null when it says nothing of one. */
export function faultsOf(error: unknown): FlowFault[] | null {
  if (!(error instanceof Refused) || error.code !== "invalid") return null;
  if (!Array.isArray(error.body.fields)) return null;
  const found = (error.body.fields as FlowFault[])
    .filter((one) => typeof one?.path === "string" && typeof one.reason === "string")
    .map((one) => ({ ...one, path: one.path.replace(/^document\.?/, "") }));
  return found.length > 0 ? found : null;
}
