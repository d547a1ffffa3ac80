/** The six filters of a list: what is chosen, how to choose, and how to clear (FILT-1). */

import { IconChevronDown, IconX } from "@tabler/icons-react";
import { Suspense, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import { useDeskAndMe } from "../live/DeskContext";
import { countFilters, NO_FILTERS } from "../live/reducer";
import { usePlace } from "../live/useView";
import styles from "./Filters.module.css";
import { CHOSEN, type Chosen, wordsOf } from "./filterChoices";

const FilterChooser = later(() => import("./FilterChooser"));

/** Which filter is being chosen, and under which point of the window. */
interface Choosing {
  filter: Chosen;
  x: number;
  y: number;
}

/** A pill for each filter: its name until a value is chosen, then the value with an «×». */
export function Filters({ open }: { open: boolean }) {
  const { t } = useTranslation();
  const deskAndMe = useDeskAndMe();
  const { view, go } = usePlace(deskAndMe.me.tabs);
  const [choosing, setChoosing] = useState<Choosing | null>(null);
  const group = useRef<HTMLFieldSetElement>(null);
  const shown = CHOSEN.filter((filter) => open || view[filter] !== null);
  const some = countFilters(view) > 0;
  if (shown.length === 0 && !some) return null;
  const choose = (filter: Chosen, id: string | null) => {
    setChoosing(null);
    go({ [filter]: id });
    // The pill changes its shape under the focus: keep it in the group.
    requestAnimationFrame(() => focusPill(group.current, filter));
  };
  return (
    <fieldset ref={group} className={styles.filters}>
      <legend className="hidden">{t("filters.active")}</legend>
      {shown.map((filter) => {
        const chosen = view[filter] !== null;
        const value = wordsOf(filter, view, deskAndMe, t);
        const words = chosen
          ? t("filters.is", { filter: t(`filters.${filter}`), value: value ?? "…" })
          : t(`filters.${filter}`);
        return (
          <span key={filter} className={styles.pill} data-chosen={chosen}>
            <button
              type="button"
              className={styles.choose}
              title={words}
              aria-haspopup="dialog"
              aria-expanded={choosing?.filter === filter}
              data-testid={`filter-${filter}`}
              onClick={(event) => {
                const box = event.currentTarget.getBoundingClientRect();
                const again = choosing?.filter === filter;
                setChoosing(again ? null : { filter, x: box.left, y: box.bottom });
              }}
            >
              <bdi className={styles.words} dir="auto">
                {words}
              </bdi>
              {chosen ? null : <Icon of={IconChevronDown} size={14} />}
            </button>
            {chosen ? (
              <button
                type="button"
                className={styles.remove}
                aria-label={t("filters.remove", { filter: words })}
                title={t("filters.remove", { filter: words })}
                data-testid={`filter-${filter}-remove`}
                onClick={() => choose(filter, null)}
              >
                <Icon of={IconX} size={14} />
              </button>
            ) : null}
          </span>
        );
      })}
      <Suspense>
        {choosing ? (
          <FilterChooser
            key={choosing.filter}
            {...choosing}
            choose={(id) => choose(choosing.filter, id)}
            close={() => {
              setChoosing(null);
              focusPill(group.current, choosing.filter);
            }}
          />
        ) : null}
      </Suspense>
      {some ? (
        <button
          type="button"
          className={styles.clear}
          data-testid="filters-clear"
          onClick={() => go(NO_FILTERS)}
        >
          {t("filters.clear")}
        </button>
      ) : null}
    </fieldset>
  );
}

function focusPill(group: HTMLElement | null, filter: Chosen): void {
  const pill = group?.querySelector<HTMLElement>(`[data-testid=filter-${filter}]`);
  const next = pill ?? document.querySelector<HTMLElement>("[data-testid=filters]");
  next?.focus({ preventScroll: true });
}
