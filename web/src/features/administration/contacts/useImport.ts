/** A list on its way to the server: in parts, one after the other, stopped and taken up again. */

import { useCallback, useEffect, useRef, useState } from "react";
import { doors } from "~/lib/api/doors";
import type { ImportedLine } from "~/lib/api/types";
import type { ContactLine } from "./csv";

export type Told = ImportedLine;

/** As many as a door takes at once. */
export const PART = 25;

/** What became of a part's lines; one whose contact came earlier in the list is a repeat. */
export function toldWith(before: readonly Told[], part: readonly Told[]): Told[] {
  const seen = new Set(before.map((one) => one.chat_id).filter((id) => id !== null));
  return part.map((one) =>
    one.outcome === "exists" && one.chat_id !== null && seen.has(one.chat_id)
      ? { ...one, outcome: "repeated" as const }
      : one,
  );
}

/** Sends a list. Starting again goes on after the last line that was told. */
export function useImport() {
  const [state, setState] = useState<"idle" | "sending" | "stopped" | "done">("idle");
  const [told, setTold] = useState<Told[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  const all = useRef<Told[]>([]);
  const stopping = useRef(false);
  const running = useRef(false);
  const stop = useCallback(() => {
    stopping.current = true;
  }, []);
  useEffect(() => stop, [stop]);
  const start = useCallback(async (lines: ContactLine[]) => {
    if (running.current) return;
    running.current = true;
    stopping.current = false;
    setFailed(null);
    setState("sending");
    try {
      while (!stopping.current && all.current.length < lines.length) {
        const from = all.current.length;
        const part = lines.slice(from, from + PART);
        const answer = await doors.importContacts({ lines: part, account: null });
        all.current = [...all.current, ...toldWith(all.current, answer.lines)];
        setTold(all.current);
      }
      setState(all.current.length < lines.length ? "stopped" : "done");
    } catch (error) {
      setFailed(error);
      setState("stopped");
    } finally {
      running.current = false;
    }
  }, []);
  const reset = useCallback(() => {
    all.current = [];
    setTold([]);
    setFailed(null);
    setState("idle");
  }, []);
  return { state, told, failed, start, stop, reset };
}
