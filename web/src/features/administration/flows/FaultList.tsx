/** What is wrong with a flow, each with its place (FLOW-9). */

import { useTranslation } from "react-i18next";
import type { FlowFault } from "~/lib/api/types";
import styles from "./Flows.module.css";
import { isWarning, useFaultWords } from "./faults";

interface FaultListProps {
  faults: FlowFault[];
  /** The line of each; absent where no text is in sight. */
  lineOf?: (fault: FlowFault) => number;
  show?: (fault: FlowFault) => void;
}

export function FaultList({ faults, lineOf, show }: FaultListProps) {
  const { t } = useTranslation("flows");
  const wordsOf = useFaultWords();
  return (
    <ul className={styles.faultList}>
      {faults.map((fault) => {
        const inside = (
          <>
            <span>
              {isWarning(fault) ? <strong>{t("editor.warning")}: </strong> : null}
              {wordsOf(fault)}
            </span>
            <span className={styles.path}>
              {fault.path}
              {lineOf ? ` · ${t("editor.line", { line: lineOf(fault) })}` : null}
            </span>
          </>
        );
        const key = `${fault.path} ${fault.reason} ${fault.name ?? ""}`;
        return (
          <li key={key} data-testid="fault">
            {show ? (
              <button
                type="button"
                className={styles.fault}
                data-warning={isWarning(fault) || undefined}
                onClick={() => show(fault)}
              >
                {inside}
              </button>
            ) : (
              <div className={styles.fault} data-warning={isWarning(fault) || undefined}>
                {inside}
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
