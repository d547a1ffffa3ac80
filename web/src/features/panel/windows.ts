/** The windows that open over the conversation, by name: which one is asked for, and by whom. */

import type { Appointment, Note, Schedule } from "~/lib/api/types";

export type Asked =
  | { window: "agent" }
  | { window: "department" }
  | { window: "flow" }
  | { window: "close" }
  | { window: "cancelClosing"; protocol: string }
  | { window: "edit" }
  | { window: "block" }
  | { window: "note"; note: Note | null }
  | { window: "dropNote"; note: Note }
  | { window: "schedule"; kind: Schedule["kind"]; schedule: Schedule | null }
  | { window: "dropSchedule"; schedule: Schedule }
  | { window: "appointment"; appointment: Appointment | null }
  | { window: "dropAppointment"; appointment: Appointment };

export type Ask = (asked: Asked) => void;
