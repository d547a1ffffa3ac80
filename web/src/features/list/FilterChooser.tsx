/** The list that a filter's value is chosen from, as fluid with 5,000 tags as with five. */

import { Popover, Portal } from "@mantine/core";
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
  /** The point of the window that it opens under. */
  x: number;
  y: number;
  choose: (id: string) => void;
  close: () => void;
}

export default function FilterChooser({ filter, x, y, choose, close }: FilterChooserProps) {
  const { t } = useTranslation();
  return (
    <Portal>
      <Popover
        opened
        onChange={(opened) => {
          if (!opened) close();
        }}
        position="bottom-start"
        offset={4}
        width={300}
        shadow="md"
        trapFocus
        withinPortal={false}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <span className={styles.target} style={{ left: x, top: y }} aria-hidden="true" />
        </Popover.Target>
        <Popover.Dropdown aria-label={t(`filters.${filter}`)} className={styles.dropdown}>
          <Choices filter={filter} choose={choose} />
        </Popover.Dropdown>
      </Popover>
    </Portal>
  );
}

function Choices({ filter, choose }: Pick<FilterChooserProps, "filter" | "choose">) {
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
