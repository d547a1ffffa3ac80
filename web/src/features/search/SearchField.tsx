/** The field that chats are searched by: what is typed goes to the address after a moment (FIND-1). */

import { IconSearch, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useDeskAndMe } from "../live/DeskContext";
import { LONGEST_SEARCH, usePlace } from "../live/useView";
import { focusResult, openFirstResult } from "./results";
import styles from "./SearchField.module.css";

const TYPING_MS = 220;

export function SearchField() {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const { q, go } = usePlace(me.tabs);
  const [text, setText] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  const asked = useRef(q);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address changed by itself: back, or a link.
  useEffect(() => {
    if (q === asked.current) return;
    asked.current = q;
    setText(q);
  }, [q]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const latest = useRef(go);
  latest.current = go;
  const ask = (value: string) => {
    clearTimeout(timer.current);
    const before = asked.current;
    asked.current = value.trim();
    if (asked.current !== before) latest.current({ q: asked.current }, before !== "");
  };
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    if (value.trim() === "") ask("");
    else timer.current = setTimeout(() => ask(value), TYPING_MS);
  };
  const clear = () => {
    type("");
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      clear();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      focusResult(0);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (text.trim() === q) openFirstResult();
      else ask(text);
    }
  };
  return (
    <search className={styles.search}>
      <Icon of={IconSearch} size={16} className={styles.sign} />
      <input
        ref={field}
        type="search"
        className={styles.input}
        value={text}
        maxLength={LONGEST_SEARCH}
        aria-label={t("search.label")}
        title={t("search.label")}
        placeholder={t("search.short")}
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint="search"
        data-testid="search"
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {text === "" ? null : (
        <button
          type="button"
          className={styles.clear}
          aria-label={t("search.clear")}
          data-testid="search-clear"
          onClick={clear}
        >
          <Icon of={IconX} size={16} />
        </button>
      )}
    </search>
  );
}
