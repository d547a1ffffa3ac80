/** What was pasted or dropped, looked at before it goes out, each with its caption (SEND-5). */

import { Button, Loader } from "@mantine/core";
import { IconFile, IconMusic, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Window, WindowActions } from "~/components/Window";
import { doors } from "~/lib/api/doors";
import { kindOf, sizeWords, typeOf } from "~/lib/files";
import { replying } from "../conversation/replying";
import { useDeskAndMe } from "../live/DeskContext";
import type { OverlayProps } from "./Overlay";
import { useProblemWords } from "./ProblemsWindow";
import { type Problem, prepared, sendPrepared } from "./sendFiles";
import styles from "./Windows.module.css";
import { filledIn, isNear, lacking, measured } from "./writing";

const MOST = 10;

interface Staged {
  id: number;
  chosen: File;
  /** Null while it is made to fit. */
  file: File | null;
  problem: Problem | null;
  caption: string;
}

export default function ImagePreview({
  files,
  chat,
  rules,
  internal,
  manner,
  signature,
  close,
}: OverlayProps & { files: File[] }) {
  const { t } = useTranslation("bar");
  const { t: words } = useTranslation();
  const { desk } = useDeskAndMe();
  const wordsOf = useProblemWords();
  const { channel, chat_id: chatId } = chat.row;
  const by = internal ? null : rules;
  const [staged, setStaged] = useState<Staged[]>(() =>
    files
      .slice(0, MOST)
      .map((chosen, id) => ({ id, chosen, file: null, problem: null, caption: "" })),
  );
  const [lacks, setLacks] = useState<string[]>([]);
  const sent = useRef(false);
  const captions = staged.map((one) => one.caption).join("\n");
  const { data } = useQuery({
    queryKey: ["variables", chatId],
    queryFn: () => doors.variables(chatId),
    enabled: !internal && captions.includes("{"),
    staleTime: 10_000,
  });
  const known = data?.variables ?? [];

  useEffect(() => {
    let gone = false;
    void (async () => {
      for (const [id, chosen] of files.slice(0, MOST).entries()) {
        const made = await prepared(chosen, { rules: internal ? null : rules, channel });
        if (gone) return;
        setStaged((was) => was.map((one) => (one.id === id ? { ...one, ...made } : one)));
      }
    })();
    return () => {
      gone = true;
    };
  }, [files, rules, internal, channel]);

  const measures = staged.map(({ caption }) =>
    measured(internal ? caption : filledIn(caption, known), by, signature, by !== null),
  );
  const waiting = staged.some((one) => one.file === null);
  const ready =
    staged.length > 0 &&
    !waiting &&
    staged.every((one) => one.problem === null) &&
    measures.every(({ used, limit }) => used <= limit);
  const send = () => {
    if (!ready || sent.current) return;
    if (!internal && known.length > 0) {
      const missing = staged.flatMap(({ caption }) => lacking(caption, known));
      if (missing.length > 0) {
        setLacks(
          missing.map(({ name, reason }) => words(`bar.lacks.${reason}`, { name: `{${name}}` })),
        );
        return;
      }
    }
    sent.current = true;
    const to = { desk, chatId, channel, rules: by, manner };
    void (async () => {
      for (const [index, { file, caption }] of staged.entries()) {
        if (!file) continue;
        const shownCaption = internal ? caption : filledIn(caption, known);
        await sendPrepared(to, file, { caption, shownCaption, first: index === 0 });
      }
    })();
    replying.set(chatId, null);
    close();
  };
  return (
    <Window
      title={t("preview.title", { count: staged.length })}
      close={close}
      size={560}
      testId="file-preview"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          send();
        }}
      >
        {internal ? <p className={styles.internal}>{words("bar.internalNote")}</p> : null}
        {files.length > MOST ? (
          <p className={styles.failure} role="alert">
            {t("file.tooMany", { count: MOST })}
          </p>
        ) : null}
        <ul className={styles.files} data-one={staged.length === 1}>
          {staged.map((one, index) => {
            const measure = measures[index];
            const shown = one.file ?? one.chosen;
            const kind = kindOf(by, typeOf(shown));
            const follows = by !== null && (by.caption_limit === null || kind === "audio");
            const label = follows ? t("preview.message") : t("preview.caption");
            const over = measure ? measure.used - measure.limit : 0;
            return (
              <li key={one.id} className={styles.file}>
                <Look file={shown} picture={kind === "image"} />
                <div className={styles.fileWords}>
                  <p className={styles.fileName} dir="auto">
                    {shown.name}
                    <span> · {sizeWords(shown.size)}</span>
                  </p>
                  {one.file === null ? (
                    <p className={styles.hint} role="status">
                      <Loader size={12} /> {t("preview.preparing")}
                    </p>
                  ) : one.problem ? (
                    <p className={styles.failure} role="alert">
                      {wordsOf(one.problem)}
                    </p>
                  ) : one.file !== one.chosen ? (
                    <p className={styles.hint}>
                      {t("preview.reduced", { channel: words(`channels.${channel}`) })}
                    </p>
                  ) : kind === "document" && shown.type.startsWith("image/") ? (
                    <p className={styles.hint}>{t("preview.asDocument")}</p>
                  ) : null}
                  {one.problem ? null : (
                    <textarea
                      rows={2}
                      dir="auto"
                      className={styles.caption}
                      value={one.caption}
                      aria-label={label}
                      aria-invalid={over > 0}
                      placeholder={follows ? t("preview.messageHint") : t("preview.captionHint")}
                      data-testid="preview-caption"
                      data-autofocus={index === 0 || undefined}
                      onChange={(event) => {
                        const caption = event.currentTarget.value;
                        setLacks([]);
                        setStaged((was) =>
                          was.map((other) => (other.id === one.id ? { ...other, caption } : other)),
                        );
                      }}
                      onKeyDown={(event) => {
                        if (event.key !== "Enter" || event.shiftKey) return;
                        if (event.nativeEvent.isComposing || event.repeat) return;
                        event.preventDefault();
                        send();
                      }}
                    />
                  )}
                  {measure && isNear(measure) ? (
                    <p className={over > 0 ? styles.failure : styles.hint}>
                      {over > 0
                        ? t("preview.over", { count: over })
                        : t("preview.left", { count: -over })}
                    </p>
                  ) : null}
                </div>
                {staged.length > 1 ? (
                  <button
                    type="button"
                    className={styles.remove}
                    aria-label={t("preview.remove", { name: shown.name })}
                    title={t("preview.remove", { name: shown.name })}
                    onClick={() => setStaged((was) => was.filter((other) => other.id !== one.id))}
                  >
                    <Icon of={IconTrash} size={18} />
                  </button>
                ) : null}
              </li>
            );
          })}
        </ul>
        {lacks.map((sentence) => (
          <p key={sentence} className={styles.failure} role="alert">
            {sentence}
          </p>
        ))}
        <WindowActions>
          <Button variant="default" onClick={close}>
            {words("app.cancel")}
          </Button>
          <Button
            type="submit"
            disabled={!ready}
            color={internal ? "red" : undefined}
            data-testid="preview-send"
          >
            {t("preview.send")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}

/** The picture itself, or a sign of what it is. Only what browsers draw safely is drawn. */
function Look({ file, picture }: { file: File; picture: boolean }) {
  const [address, setAddress] = useState<string | null>(null);
  const drawn = picture && /^image\/(jpeg|png|webp|gif)$/.test(file.type);
  useEffect(() => {
    if (!drawn) return;
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file, drawn]);
  return (
    <span className={styles.look}>
      {drawn && address ? (
        <img src={address} alt="" />
      ) : (
        <Icon of={file.type.startsWith("audio/") ? IconMusic : IconFile} size={32} />
      )}
    </span>
  );
}
