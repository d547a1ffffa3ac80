/** Who a message is from, in words: a person, or what of the desk sent it by itself. */

import type { TFunction } from "i18next";
import type { Quote } from "~/lib/api/types";

type Sent = Pick<Quote, "author" | "author_name" | "source"> & { retry_of?: string | null };

/** `contact` is the name by which the contact goes; what nobody knows of is from "". */
export function senderOf(message: Sent, contact: string, t: TFunction): string {
  const { author, author_name, source, retry_of } = message;
  // What is sent again is sent by a person, whatever wrote it.
  if ((source === "flow" || source === "session") && !retry_of) return t(`sources.${source}`);
  if (author_name) return author_name;
  if (author === "contact") return contact;
  return author === null ? "" : t(`authors.${author}`);
}
