/** A list above the bar: the keys stay in the text, and choose here (arrows, Enter, Tab). */

import {
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { KeyTaker } from "./Bar";
import styles from "./List.module.css";

export interface Choice {
  id: string;
  name: string;
  internal?: boolean;
  what: ReactNode;
  empty?: boolean;
}

interface ChoicesProps {
  label: string;
  choices: Choice[];
  /** Shown when there is nothing to choose. */
  nothing: string;
  chosen: (id: string) => void;
  takesKey: RefObject<KeyTaker | null>;
  active: (elementId: string | null) => void;
  testId: string;
}

export function Choices({
  label,
  choices,
  nothing,
  chosen,
  takesKey,
  active,
  testId,
}: ChoicesProps) {
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const here = Math.min(at, Math.max(0, choices.length - 1));
  const current = choices[here];
  const elementId = current ? `bar-choice-${here}` : null;

  // A narrower search begins at its first answer.
  const ids = choices.map((choice) => choice.id).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered changed
  useEffect(() => setAt(0), [ids]);
  useEffect(() => {
    active(elementId);
    return () => active(null);
  }, [active, elementId]);
  useEffect(() => {
    if (elementId)
      list.current?.querySelector(`#${elementId}`)?.scrollIntoView({ block: "nearest" });
  }, [elementId]);

  // From the moment it is drawn: an Enter in between would send instead of choosing.
  useLayoutEffect(() => {
    takesKey.current = (key) => {
      if (choices.length === 0) return false;
      if (key === "ArrowDown") setAt((here + 1) % choices.length);
      else if (key === "ArrowUp") setAt((here - 1 + choices.length) % choices.length);
      else if ((key === "Enter" || key === "Tab") && current) chosen(current.id);
      else return false;
      return true;
    };
    return () => {
      takesKey.current = null;
    };
  }, [takesKey, choices, here, current, chosen]);

  return (
    <div className={styles.list} data-testid={testId} ref={list}>
      <p className={styles.title} id="bar-list-title">
        {label}
      </p>
      <div role="listbox" id="bar-list" aria-labelledby="bar-list-title" tabIndex={-1}>
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text's, which point here
          <div
            key={choice.id}
            id={`bar-choice-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === here}
            className={styles.choice}
            data-testid="bar-choice"
            onMouseDown={(event) => event.preventDefault()}
            onMouseMove={() => setAt(index)}
            onClick={() => chosen(choice.id)}
          >
            <span className={styles.name} data-internal={choice.internal === true} dir="auto">
              {choice.name}
            </span>
            <span className={styles.what} data-empty={choice.empty === true} dir="auto">
              {choice.what}
            </span>
          </div>
        ))}
      </div>
      {choices.length === 0 ? (
        <p className={styles.nothing} role="status">
          {nothing}
        </p>
      ) : null}
    </div>
  );
}
