/** What is known of the open chat's contact, kept as new as the chat says it is. */

import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { Chat, Contact, EditContact } from "~/lib/api/types";
import { type PictureType, sendFile } from "~/lib/api/upload";
import { useDeskAndMe } from "../live/DeskContext";

const KEPT_MS = 60_000;
/** Addresses of pictures are good for an hour. */
const PICTURES_MS = 50 * 60_000;

/** Another try is worth it: nobody has decided anything. */
export function retried(failures: number, error: unknown): boolean {
  return (
    failures < 2 && !(error instanceof LoggedOut) && !(error instanceof Refused && !error.passing)
  );
}

/** Another permission shows another contact: masked numbers, no notes. */
function useContactKey(chatId: string): readonly unknown[] {
  const { me } = useDeskAndMe();
  const may = (permission: string) => me.agent.permissions.includes(permission);
  return ["contact", chatId, may("contacts"), may("notes")];
}

/** The contact of a chat; old facts stay on screen while newer ones are fetched. */
export function useContact(chat: Chat) {
  const chatId = chat.row.chat_id;
  const queries = useQueryClient();
  const key = useContactKey(chatId);
  const query = useQuery({
    queryKey: key,
    queryFn: async () => {
      const fetched = await doors.contact(chatId);
      const known = queries.getQueryData<Contact>(key);
      return known && known.profile_rev > fetched.profile_rev ? known : fetched;
    },
    retry: retried,
    gcTime: KEPT_MS,
    refetchInterval: ({ state }) =>
      state.data && Object.keys(state.data.pictures).length > 0 ? PICTURES_MS : false,
  });
  const { data, refetch } = query;
  const asked = useRef(-1);
  const behind = data !== undefined && data.profile_rev < chat.profile_rev;
  useEffect(() => {
    if (!behind || asked.current >= chat.profile_rev) return;
    asked.current = chat.profile_rev;
    void refetch();
  }, [behind, chat.profile_rev, refetch]);
  return query;
}

function write(queries: QueryClient, key: readonly unknown[], contact: Contact): void {
  queries.setQueryData<Contact>(key, (known) =>
    known && known.profile_rev > contact.profile_rev ? known : contact,
  );
}

/** What is done to the contact of a chat. Rejects as doors do. */
export function useContactCommands(chatId: string) {
  const queries = useQueryClient();
  const key = useContactKey(chatId);
  const name = JSON.stringify(key);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is told by its words
  const change = useCallback(
    async (touch: (contact: Contact) => Contact) => {
      await queries.cancelQueries({ queryKey: key });
      queries.setQueryData<Contact>(key, (known) => known && touch(known));
    },
    [queries, name],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is told by its words
  const renew = useCallback(() => queries.invalidateQueries({ queryKey: key }), [queries, name]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is told by its words
  const edit = useCallback(
    async (body: EditContact) => {
      const contact = await doors.editContact(chatId, body);
      write(queries, key, contact);
      return contact;
    },
    [chatId, queries, name],
  );
  const sendPicture = useCallback(
    async (file: File, progress: (part: number) => void) => {
      const upload = await doors.contactPicture(chatId, {
        content_type: file.type as PictureType,
        size: file.size,
      });
      await sendFile(upload, file, progress);
      return upload.key;
    },
    [chatId],
  );
  return { change, renew, edit, sendPicture };
}
