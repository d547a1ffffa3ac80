/** A list to search and choose from, as fluid with 5,000 lines as with five. */

import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { folded } from "~/lib/text";
import styles from "./Finder.module.css";
import { Icon } from "./Icon";

export interface Choice {
  id: string;
  name: string;
  /** What stands after the name: «Atende agora». */
  remark?: string | null;
  sign?: ReactNode;
}

interface FinderProps {
  /** What is searched: the field's words. */
  label: string;
  choices: Choice[];
  /** Said when no choice has the words, or there are none at all. */
  nothing: string;
  choose: (id: string) => void;
  /** Lines in sight. */
  lines?: number;
  /** Shown over something that Esc closes too: here it closes only what holds the list. */
  overPage?: boolean;
}

const LINE_PX = 40;

export function Finder({
  label,
  choices,
  nothing,
  choose,
  lines = 8,
  overPage = false,
}: FinderProps) {
  const [words, setWords] = useState("");
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const listId = useId();
  const prepared = useMemo(
    () => choices.map((choice) => ({ choice, folded: folded(choice.name) })),
    [choices],
  );
  const found = useMemo(() => {
    const wanted = folded(words).split(/\s+/).filter(Boolean);
    return prepared
      .filter((one) => wanted.every((word) => one.folded.includes(word)))
      .map((one) => one.choice);
  }, [prepared, words]);
  const at = Math.min(active, found.length - 1);
  const virtualizer = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 8,
    initialRect: { width: 300, height: lines * LINE_PX },
  });
  const move = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to));
    setActive(next);
    virtualizer.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + lines,
      PageUp: at - lines,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      const chosen = found[at];
      if (chosen) choose(chosen.id);
    }
  };
  return (
    <div className={styles.finder}>
      <TextInput
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value);
          setActive(0);
          virtualizer.scrollToOffset(0);
        }}
        onKeyDown={onKeyDown}
        aria-label={label}
        placeholder={label}
        leftSection={<Icon of={IconSearch} size={16} />}
        classNames={{ input: styles.search }}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={found[at] ? `${listId}-${found[at].id}` : undefined}
        autoComplete="off"
        maxLength={300}
        data-autofocus
        data-mantine-stop-propagation={overPage || undefined}
        data-testid="finder-search"
      />
      <div
        ref={scroller}
        id={listId}
        role="listbox"
        aria-label={label}
        tabIndex={-1}
        className={styles.list}
        style={{ maxHeight: lines * LINE_PX }}
        hidden={found.length === 0}
      >
        <div
          role="presentation"
          className={styles.lines}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map((drawn) => {
            const choice = found[drawn.index];
            return choice ? (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
              <div
                key={choice.id}
                id={`${listId}-${choice.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={drawn.index === at}
                aria-setsize={found.length}
                aria-posinset={drawn.index + 1}
                className={styles.line}
                style={{ transform: `translateY(${drawn.start}px)` }}
                data-testid="finder-choice"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(choice.id)}
              >
                {choice.sign}
                <bdi className={styles.name} dir="auto" title={choice.name}>
                  {choice.name}
                </bdi>
                {choice.remark ? <span className={styles.remark}>{choice.remark}</span> : null}
              </div>
            ) : null;
          })}
        </div>
      </div>
      <p className={styles.nothing} role="status">
        {found.length === 0 ? nothing : ""}
      </p>
    </div>
  );
}
