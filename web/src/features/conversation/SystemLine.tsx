/** What happened to the chat and who did it, as a quiet line between the balloons (CHAT-3). */

import { useTranslation } from "react-i18next";
import type { SystemLine as Line, Message } from "~/lib/api/types";
import { clockTime, fullTime } from "~/lib/time";
import styles from "./Balloon.module.css";

const NAMES = /(\{by\}|\{subject\}|\{at\}|\{why\})/;

export function SystemLine({ message, line }: { message: Message; line: Line }) {
  return (
    <p className={styles.happened} data-testid="system-line" data-code={line.code}>
      <Sentence line={line} />{" "}
      <time dateTime={message.at} title={fullTime(message.at)}>
        {clockTime(message.at)}
      </time>
    </p>
  );
}

/** The line's sentence, each name kept to its own direction. A newer server's code has a general one. */
function Sentence({ line }: { line: Line }) {
  const { t, i18n } = useTranslation();
  const { code, by_name: by, subject_name, subject } = line;
  const key = i18n.exists(`lines.${code}`)
    ? (`${by === null ? "linesAlone" : "lines"}.${code}` as const)
    : "linesAlone.other";
  const why = `scheduleReasons.${subject}` as "scheduleReasons.other";
  return t(key, { by: "{by}", subject: "{subject}", at: "{at}", why: "{why}" })
    .split(NAMES)
    .map((piece) =>
      piece === "{by}" ? (
        <bdi key={piece}>{by}</bdi>
      ) : piece === "{subject}" ? (
        <bdi key={piece}>{subject_name || subject}</bdi>
      ) : piece === "{at}" ? (
        fullTime(subject ?? "")
      ) : piece === "{why}" ? (
        t(i18n.exists(why) ? why : "scheduleReasons.other")
      ) : (
        piece
      ),
    );
}
