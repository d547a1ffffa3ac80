/** A day, typed as people write it («31/12/1990») or chosen from the calendar, in any browser's language. */

import { TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { showDay } from "~/lib/fieldValues";
import styles from "./DayInput.module.css";
import { dayFrom, typedDay } from "./day";
import { Icon } from "./Icon";
import { IconButton } from "./IconButton";

addSentences("panel", panel);

interface DayInputProps {
  label: ReactNode;
  /** «1990-12-31»; or what is typed, while it is no whole day; empty for none. */
  value: string;
  change: (value: string) => void;
  error?: ReactNode;
  description?: ReactNode;
  required?: boolean;
  latest?: string | undefined;
  testId?: string | undefined;
}

export function DayInput({
  label,
  value,
  change,
  error,
  description,
  required = false,
  latest,
  testId,
}: DayInputProps) {
  const { t } = useTranslation("panel");
  const [typed, setTyped] = useState(() => showDay(value));
  // Typed «01/02/2026» and kept «2026-02-01» are the same day; anything else came from outside.
  const shown = dayFrom(typed) === value ? typed : showDay(value);
  const calendar = useRef<HTMLInputElement>(null);
  return (
    <TextInput
      label={label}
      error={error}
      description={description}
      withAsterisk={required}
      aria-required={required || undefined}
      value={shown}
      onChange={(event) => {
        const text = typedDay(event.currentTarget.value);
        setTyped(text);
        change(dayFrom(text));
      }}
      placeholder={t("dayHint")}
      inputMode="numeric"
      maxLength={10}
      autoComplete="off"
      classNames={{ input: styles.input }}
      rightSectionWidth={40}
      rightSection={
        <span className={styles.calendar}>
          <input
            ref={calendar}
            type="date"
            className={styles.native}
            value={/^\d{4}-\d{2}-\d{2}$/.test(value) ? value : ""}
            max={latest ?? "9999-12-31"}
            onChange={(event) => {
              setTyped(showDay(event.currentTarget.value));
              change(event.currentTarget.value);
            }}
            tabIndex={-1}
            aria-hidden="true"
          />
          <IconButton
            label={t("calendar")}
            size={30}
            type="button"
            onClick={() => calendar.current?.showPicker?.()}
          >
            <Icon of={IconCalendar} size={16} />
          </IconButton>
        </span>
      }
      data-testid={testId}
    />
  );
}
