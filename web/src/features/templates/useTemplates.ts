/** The templates that may be sent from an account: asked anew each time a window opens. */

import { useQuery } from "@tanstack/react-query";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";

export interface Recipient {
  /** Null: of the agency's first WhatsApp number, or of the chat's. */
  account: string | null;
  /** To whom, for the account and the price: a chat, or a number once it is whole. */
  chatId?: string | undefined;
  phone?: string | undefined;
}

export function useTemplates({ account, chatId, phone }: Recipient) {
  return useQuery({
    queryKey: ["templates", account, chatId ?? null, phone ?? null],
    queryFn: () => doors.templates({ account, chat_id: chatId ?? null, phone: phone ?? null }),
    staleTime: 0,
    placeholderData: (known) => (known?.account === account ? known : undefined),
    retry: (failures, reason) => failures < 1 && !(reason instanceof Refused && !reason.passing),
  });
}
