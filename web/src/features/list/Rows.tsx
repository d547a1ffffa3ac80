/** The rows of the list: only those in sight are drawn, and none jumps while others move. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { later } from "~/components/later";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import type { ListState } from "../live/reducer";
import { usePlace } from "../live/useView";
import { ListBones, MoreFailed } from "./ChatList";
import { type MenuPlace, ROW_HEIGHT, Row } from "./Row";
import styles from "./Rows.module.css";
import { useRowClock } from "./useRowClock";

const RowMenu = later(() => import("./RowMenu"));

const NEAR_END = 12;

export function Rows({ list }: { list: ListState }) {
  const { t } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const { chatId, go } = usePlace(me.tabs);
  const more = useDesk((snapshot) => snapshot.more);
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, cursor } = list;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.chat_id ?? index,
    overscan: 4,
  });

  const anchor = useRef<{ ids: string[]; from: number }>({ ids: [], from: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const { ids, from } = anchor.current;
    // Scrolled down: whoever was first in sight stays where it was, whatever moved above.
    if (element.scrollTop > 0 && ids.length > 0) {
      for (let index = from; index < Math.min(ids.length, from + 12); index += 1) {
        const moved = rows.findIndex((row) => row.chat_id === ids[index]);
        if (moved < 0 || Math.abs(moved - index) > 50) continue;
        if (moved !== index) element.scrollTop += (moved - index) * ROW_HEIGHT;
        break;
      }
    }
    anchor.current = {
      ids: rows.map((row) => row.chat_id),
      from: Math.floor(element.scrollTop / ROW_HEIGHT),
    };
  }, [rows]);

  const drawn = virtualizer.getVirtualItems();
  const first = drawn[0]?.index ?? 0;
  const last = drawn[drawn.length - 1]?.index ?? 0;
  useEffect(() => {
    if (cursor !== null && more === "ready" && last >= rows.length - NEAR_END) void desk.loadMore();
  }, [cursor, more, last, rows.length, desk]);

  const now = useRowClock(rows.slice(first, last + 1));
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const closeMenu = useCallback(() => setMenu(null), []);

  const index = chatId === null ? -1 : rows.findIndex((row) => row.chat_id === chatId);
  const shownFor = useRef<string | null>(null);
  useEffect(() => {
    if (index < 0 || shownFor.current === chatId) return;
    shownFor.current = chatId;
    virtualizer.scrollToIndex(index, { align: "auto" });
  }, [index, chatId, virtualizer]);

  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={(event) => {
          anchor.current.from = Math.floor(event.currentTarget.scrollTop / ROW_HEIGHT);
        }}
      >
        <ul
          className={styles.rows}
          style={{ height: virtualizer.getTotalSize() }}
          aria-label={t("areas.list")}
        >
          {drawn.map((item) => {
            const row = rows[item.index];
            return row ? (
              <li
                key={item.key}
                className={styles.place}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row
                  row={row}
                  now={now}
                  active={row.chat_id === chatId}
                  go={go}
                  openMenu={setMenu}
                  t={t}
                />
              </li>
            ) : null;
          })}
        </ul>
        {more === "failed" ? <MoreFailed again={() => void desk.loadMore()} /> : null}
        {cursor !== null && more !== "failed" && rows.length === 0 ? <ListBones /> : null}
      </div>
      <Suspense>{menu ? <RowMenu place={menu} close={closeMenu} /> : null}</Suspense>
    </>
  );
}
