/** A question with two answers, both in sight. */

import { useId } from "react";
import { useTranslation } from "react-i18next";
import styles from "./YesNo.module.css";

interface YesNoProps {
  label: string;
  value: boolean;
  change: (value: boolean) => void;
  testId: string;
}

export function YesNo({ label, value, change, testId }: YesNoProps) {
  const { t } = useTranslation("newChat");
  const name = useId();
  return (
    <fieldset className={styles.question}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.answers}>
        {([true, false] as const).map((answer) => (
          <label key={String(answer)} className={styles.answer} data-chosen={value === answer}>
            <input
              type="radio"
              className={styles.input}
              name={name}
              checked={value === answer}
              data-testid={`${testId}-${answer ? "yes" : "no"}`}
              onChange={() => change(answer)}
            />
            {t(answer ? "yes" : "no")}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
