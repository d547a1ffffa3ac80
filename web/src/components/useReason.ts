/** Why a field's value is refused, in words. */

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { reasons } from "~/i18n/reasons";

addSentences("reasons", reasons);

/** The sentence for the server's reason; of a newer server's reason a general one. */
export function useReason(): (reason: string) => string {
  const { t } = useTranslation();
  const { t: sentence } = useTranslation("reasons");
  return useCallback(
    (reason: string) =>
      Object.hasOwn(reasons, reason) ? sentence(reason as "empty") : t("errors.invalid"),
    [t, sentence],
  );
}
