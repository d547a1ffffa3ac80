/** The attendances as one file: fetched part by part, stopped when asked. */

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type AttendancesQuery, doors } from "~/lib/api/doors";
import { saveCsv } from "../files";

/** How many lines of values a part has; a line break inside quotes is no line. */
export function linesOf(csv: string): number {
  let lines = 0;
  let quoted = false;
  for (const sign of csv) {
    if (sign === '"') quoted = !quoted;
    else if (sign === "\n" && !quoted) lines += 1;
  }
  return lines;
}

export function useExport(asked: Omit<AttendancesQuery, "cursor">) {
  const { t: words } = useTranslation("administration");
  const [state, setState] = useState<"idle" | "busy">("idle");
  const [lines, setLines] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  const running = useRef(false);
  const stopping = useRef(false);
  const stop = () => {
    stopping.current = true;
  };
  useEffect(
    () => () => {
      stopping.current = true;
    },
    [],
  );
  const start = async () => {
    if (running.current) return;
    running.current = true;
    stopping.current = false;
    setState("busy");
    setFailed(null);
    setLines(0);
    let csv = "";
    let count = -1; // the heading is no attendance
    let cursor: string | null = null;
    try {
      do {
        const part: Awaited<ReturnType<typeof doors.exportAttendances>> =
          await doors.exportAttendances({ ...asked, cursor });
        if (stopping.current) return;
        csv += part.csv;
        count += linesOf(part.csv);
        setLines(Math.max(0, count));
        cursor = part.cursor;
      } while (cursor !== null);
      saveCsv(words("attendances.fileName"), csv);
    } catch (error) {
      setFailed(error);
    } finally {
      running.current = false;
      setState("idle");
    }
  };
  return { state, lines, failed, start, stop };
}
