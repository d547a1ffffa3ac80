/** Chosen files on their way out: made to fit, checked, and handed to the desk in order (SEND-5). */

import type { ChannelName, ChannelRules } from "~/lib/api/types";
import { type FileProblem, kindOf, nameOfFile, problemOf, typeOf } from "~/lib/files";
import { fitImage } from "~/lib/images";
import type { Desk } from "../live/desk";
import type { Outgoing } from "../live/outbox";

/** What every message of a moment has in common: internal, and what it answers. */
export interface Manner {
  body: Partial<Outgoing["body"]>;
  shown: Partial<Outgoing["shown"]>;
}

export interface Destination {
  desk: Desk;
  chatId: string;
  channel: ChannelName;
  /** Null: what is sent is internal. */
  rules: ChannelRules | null;
  manner: Manner;
}

export type Problem = FileProblem & { name: string; size: number; channel: ChannelName | null };

/** The file as the channel takes it, or why it cannot go out. */
export async function prepared(
  file: File,
  { rules, channel }: Pick<Destination, "rules" | "channel">,
): Promise<{ file: File; problem: Problem | null }> {
  const fitted = rules ? await fitImage(rules, file) : file;
  const problem = problemOf(rules, fitted);
  if (!problem) return { file: fitted, problem: null };
  const { name, size } = file;
  return { file, problem: { ...problem, name, size, channel: rules ? channel : null } };
}

/** How large a picture is, so that the balloon keeps its size when the server's comes; else null. */
async function sidesOf(file: File): Promise<{ width: number; height: number } | null> {
  if (!/^image\/(jpeg|png|webp|gif)$/.test(typeOf(file))) return null;
  try {
    const { width, height } = await createImageBitmap(file);
    return { width, height };
  } catch {
    return null;
  }
}

/** Sends one file that was prepared, with its caption. */
export async function sendPrepared(
  { desk, chatId, channel, rules, manner }: Destination,
  file: File,
  {
    caption = "",
    shownCaption = null,
    voice = false,
    first = true,
  }: { caption?: string; shownCaption?: string | null; voice?: boolean; first?: boolean } = {},
): Promise<void> {
  const type = typeOf(file);
  const kind = kindOf(rules, type);
  const name = nameOfFile(file);
  const sides = await sidesOf(file);
  const { quotes: _, ...later } = manner.body;
  const { quote: __, ...shownLater } = manner.shown;
  desk.send(
    chatId,
    { text: caption, ...(first ? manner.body : later) },
    {
      text: shownCaption ?? caption,
      kind,
      files: [
        {
          kind,
          state: "pending",
          reason: null,
          name,
          mime_type: type,
          size: file.size,
          voice,
          width: sides?.width ?? null,
          height: sides?.height ?? null,
        },
      ],
      ...(first ? manner.shown : shownLater),
    },
    [{ file, name, type, voice }],
    rules ? channel : null,
  );
}

/** Sends files as they were chosen, one message each; answers those that could not go. */
export async function sendFiles(
  to: Destination,
  files: File[],
  { voice = false } = {},
): Promise<Problem[]> {
  const problems: Problem[] = [];
  let first = true;
  for (const file of files) {
    const { file: fitted, problem } = await prepared(file, to);
    if (problem) problems.push(problem);
    else {
      await sendPrepared(to, fitted, { voice, first });
      first = false;
    }
  }
  return problems;
}
