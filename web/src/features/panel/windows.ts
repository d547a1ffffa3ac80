/** The windows that open over the conversation, by name: which one is asked for, and by whom. */

import type { Note } from "~/lib/api/types";

export type Asked =
  | { window: "agent" }
  | { window: "department" }
  | { window: "close" }
  | { window: "cancelClosing"; protocol: string }
  | { window: "edit" }
  | { window: "block" }
  | { window: "note"; note: Note | null }
  | { window: "dropNote"; note: Note };

export type Ask = (asked: Asked) => void;
