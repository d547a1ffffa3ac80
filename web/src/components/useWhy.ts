/** Why something was refused, in words. */

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "~/lib/api/http";

/** The sentence for what a door threw: its code's, or that the server was not reached. */
export function useWhy(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error: unknown) =>
      error instanceof Refused
        ? t(`errors.${error.code ?? (error.passing ? "unavailable" : "invalid")}`)
        : t("errors.unavailable"),
    [t],
  );
}

/** The sentence for why a field's value is refused; of a newer server's reason a general one. */
export function useReason(): (reason: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (reason: string) =>
      i18n.exists(`reasons.${reason}`)
        ? t(`reasons.${reason}` as "reasons.empty")
        : t("errors.invalid"),
    [t, i18n],
  );
}
