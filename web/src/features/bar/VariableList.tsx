/** `{` offers what stands for something in this chat, and shows what that is (SEND-3, INFO-9). */

import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { bar } from "~/i18n/bar";
import type { Variable } from "~/lib/api/types";
import { folded } from "~/lib/text";
import type { KeyTaker } from "./Bar";
import { type Choice, Choices } from "./Choices";

addSentences("bar", bar);

export default function VariableList({
  search,
  variables,
  chosen,
  takesKey,
  active,
}: {
  search: string;
  /** Null while they are fetched. */
  variables: Variable[] | null;
  chosen: (name: string) => void;
  takesKey: RefObject<KeyTaker | null>;
  active: (elementId: string | null) => void;
}) {
  const { t } = useTranslation("bar");
  const labelOf = (one: Variable) =>
    one.label ??
    (one.name in bar.variables.names
      ? t(`variables.names.${one.name as keyof typeof bar.variables.names}`)
      : one.name);
  const wanted = folded(search);
  const begins = (one: Variable) => one.name.startsWith(search);
  const matching = (variables ?? [])
    .filter((one) => begins(one) || folded(labelOf(one)).includes(wanted))
    .sort((a, b) => Number(begins(b)) - Number(begins(a)));
  const choices: Choice[] = matching.map((one) => ({
    id: one.name,
    name: `{${one.name}}`,
    empty: one.hidden || !one.value,
    what: one.hidden
      ? t("variables.hidden")
      : !one.value
        ? `${labelOf(one)}: ${t("variables.empty")}`
        : one.kind === "image"
          ? `${labelOf(one)}: ${t("variables.image")}`
          : one.value,
  }));
  return (
    <Choices
      label={t("variables.label")}
      choices={choices}
      nothing={
        variables === null ? t("variables.loading") : t("variables.nothing", { query: search })
      }
      chosen={chosen}
      takesKey={takesKey}
      active={active}
      testId="variable-list"
    />
  );
}
