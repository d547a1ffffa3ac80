/** Why something was refused, in words. */

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { offline } from "~/i18n/offline";
import { Refused, Unreachable } from "~/lib/api/http";

addSentences("offline", offline);

/** The sentence for what a door threw: its code's, or that the server was not reached. */
export function useWhy(): (error: unknown) => string {
  const { t } = useTranslation();
  const { t: words } = useTranslation("offline");
  return useCallback(
    (error: unknown) =>
      error instanceof Refused
        ? t(`errors.${error.code ?? (error.passing ? "unavailable" : "invalid")}`)
        : error instanceof Unreachable
          ? words("refused")
          : t("errors.unavailable"),
    [t, words],
  );
}
