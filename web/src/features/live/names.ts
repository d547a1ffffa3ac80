/** By which name a chat goes on screen. */

import type { ChatRow } from "~/lib/api/types";
import { formatPhone } from "~/lib/text";

/** The contact's name, else the user name, else the number, else `unnamed`. */
export function nameOf(row: ChatRow, unnamed: string): string {
  return row.name || row.username || (row.phone ? formatPhone(row.phone) : unnamed);
}
