/** Whether somebody else changed who attends the chat while a window was open over it. */

import { useState } from "react";
import type { Chat } from "~/lib/api/types";

function attended({ row, protocol }: Chat): string {
  return JSON.stringify([row.agent_id, row.department_id, protocol]);
}

export function useMoved(chat: Chat): boolean {
  const [before] = useState(() => attended(chat));
  return attended(chat) !== before;
}
