/** A text in lines that are numbered, for JSON. */

import { type KeyboardEvent, type RefObject, useMemo, useRef } from "react";
import styles from "./Flows.module.css";

interface PaperProps {
  text: string;
  change: (text: string) => void;
  area: RefObject<HTMLTextAreaElement | null>;
  label: string;
  describedBy: string;
  invalid: boolean;
}

const LINE_PX = 20;

export function Paper({ text, change, area, label, describedBy, invalid }: PaperProps) {
  const gutter = useRef<HTMLPreElement>(null);
  const numbers = useMemo(
    () => Array.from({ length: text.split("\n").length }, (_, at) => at + 1).join("\n"),
    [text],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { currentTarget: element } = event;
    if (event.key === "Escape") {
      element.blur();
    } else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      element.setRangeText("  ", element.selectionStart, element.selectionEnd, "end");
      change(element.value);
    }
  };
  return (
    <div className={styles.paper}>
      <pre ref={gutter} className={styles.gutter} aria-hidden="true">
        {numbers}
      </pre>
      <textarea
        ref={area}
        className={styles.text}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
        }}
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        wrap="off"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        data-testid="flow-json"
      />
    </div>
  );
}

/** Puts the caret there, in sight. */
export function showPlace(area: HTMLTextAreaElement | null, place: number, line: number): void {
  if (!area) return;
  area.focus();
  area.setSelectionRange(place, place);
  area.scrollTop = Math.max(0, (line - 4) * LINE_PX);
}
