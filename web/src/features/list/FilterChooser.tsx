/** The list that a filter's value is chosen from, as fluid with 5,000 tags as with five. */

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Finder } from "~/components/Finder";
import { TagDot } from "~/components/TagChip";
import { useDeskAndMe } from "../live/DeskContext";
import styles from "./Filters.module.css";
import { type Chosen, choicesOf } from "./filterChoices";

interface FilterChooserProps {
  filter: Chosen;
  choose: (id: string) => void;
}

export default function FilterChooser({ filter, choose }: FilterChooserProps) {
  const { t } = useTranslation();
  const deskAndMe = useDeskAndMe();
  const queries = useQueryClient();
  const choices = useMemo(
    () =>
      choicesOf(filter, deskAndMe, t).map(({ id, name, active, color }) => ({
        id,
        name,
        remark: active ? null : `(${t("filters.inactive")})`,
        sign: color ? <TagDot color={color} /> : undefined,
      })),
    [filter, deskAndMe, t],
  );
  if ((filter === "tag" || filter === "campaign") && deskAndMe.labels === null) {
    const failed = queries.getQueryState(["labels"])?.status === "error";
    return (
      <p className={styles.remark} role="status">
        {t(failed ? "filters.failed" : "filters.loading")}
        {failed ? (
          <button
            type="button"
            className={styles.clear}
            onClick={() => void queries.refetchQueries({ queryKey: ["labels"] })}
          >
            {t("app.retry")}
          </button>
        ) : null}
      </p>
    );
  }
  return (
    <Finder
      label={t(`filters.find.${filter}`)}
      choices={choices}
      nothing={t(`filters.nothing.${filter}`)}
      choose={choose}
    />
  );
}
