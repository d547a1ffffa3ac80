/** What went wrong when something was saved or deleted, as a sentence or beside its field. */

import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { reasons } from "~/i18n/reasons";
import { Refused, Unreachable } from "~/lib/api/http";

addSentences("reasons", reasons);

interface Use {
  kind: string;
  name?: string;
  count?: number;
}

/** From `in_use`: what uses it, as the server tells. */
export function usesOf(error: Refused): Use[] {
  const by = error.body.by;
  if (!Array.isArray(by)) return [];
  return by.filter(
    (one): one is Use =>
      typeof one === "object" && one !== null && typeof (one as Use).kind === "string",
  );
}

/** From `invalid`: the reason for each path («fields.plano», «email»). */
export function reasonsOf(error: unknown): Map<string, string> {
  const found = new Map<string, string>();
  if (!(error instanceof Refused) || !Array.isArray(error.body.fields)) return found;
  for (const one of error.body.fields as { path?: unknown; reason?: unknown }[]) {
    if (typeof one?.path === "string" && typeof one.reason === "string") {
      found.set(one.path, one.reason);
    }
  }
  return found;
}

const MANY = 100;

/** A function from an error to its sentence; null when there is no error. */
export function useRefusal() {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const sentence = useReason();
  return useCallback(
    (error: unknown): string => {
      if (error instanceof Unreachable) return words("form.unreachable");
      if (!(error instanceof Refused)) return words("form.other");
      const { code, body } = error;
      if (code === "in_use") {
        const uses = usesOf(error).map(({ kind, name, count = 1 }) => {
          const family = /user|agent/.test(kind)
            ? "users"
            : /chat/.test(kind)
              ? "chats"
              : /contact|member|value/.test(kind)
                ? "contacts"
                : /closing/.test(kind)
                  ? "closing"
                  : "other";
          if (kind === "main_flow_id") return words("inUse.mainFlow");
          if (kind === "closing_flow_id") return words("inUse.closingFlow");
          if (kind === "flow" || kind === "webhook") {
            return words(`inUse.${kind}`, { name: name ?? "" });
          }
          if (family === "closing") return words("inUse.closing");
          const what =
            count >= MANY && (family === "chats" || family === "contacts")
              ? words(`inUse.${family}Many`)
              : words(`inUse.${family}`, { count });
          return name ? words("inUse.named", { what, name }) : what;
        });
        return uses.length > 0
          ? `${words("inUse.lead")} ${new Intl.ListFormat("pt-BR").format(uses)}.`
          : t("errors.in_use");
      }
      if (code === "too_many" && typeof body.limit === "number") {
        return words("form.limit", { limit: body.limit });
      }
      if (code === "invalid") {
        const [reason, ...others] = reasonsOf(error).values();
        if (reason !== undefined && others.length === 0) return sentence(reason);
        return words("form.invalid");
      }
      return code === null ? words("form.other") : t(`errors.${code}`);
    },
    [t, words, sentence],
  );
}

/** A function from a reason's code to its sentence beside a field: of these pages, or the desk's. */
export function useReason() {
  const { i18n } = useTranslation();
  const { t } = useTranslation("reasons");
  const { t: words } = useTranslation("administration");
  return useCallback(
    (reason: string): string => {
      if (i18n.exists(`administration:reasons.${reason}`)) {
        return words(`reasons.${reason}` as "reasons.other");
      }
      if (Object.hasOwn(reasons, reason)) return t(reason as "unknown");
      return words("reasons.other");
    },
    [t, words, i18n],
  );
}
