/**
 * The message bar (SEND): what is typed goes out with Enter, and nothing typed is lost. What is only
 * needed now and then (menus, windows, recorder, lists) is loaded when it is asked for.
 */

import { ActionIcon, Button } from "@mantine/core";
import {
  IconBan,
  IconLock,
  IconMicrophone,
  IconMoodSmile,
  IconPaperclip,
  IconPlus,
  IconSend2,
  IconX,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import { useNow } from "~/components/useNow";
import { doors } from "~/lib/api/doors";
import type { Chat, MessageFile, QuickReply, Variable } from "~/lib/api/types";
import { sessionState } from "~/lib/session";
import { untilTime } from "~/lib/time";
import { replying, useReplying } from "../conversation/replying";
import { senderOf } from "../conversation/sender";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import type { Outgoing } from "../live/outbox";
import styles from "./Bar.module.css";
import { drafts } from "./drafts";
import type { Chosen } from "./Overlay";
import {
  filledIn,
  holdsPicture,
  isNear,
  type Lack,
  lacking,
  measured,
  quickSearch,
  quoteOf,
  saysInternal,
  signatureOf,
  unfinishedVariable,
  variablesOf,
  withoutPrefix,
} from "./writing";

const Overlay = later(() => import("./Overlay"));
const VoiceRecorder = later(() => import("./VoiceRecorder"));
const QuickReplyList = later(() => import("./QuickReplyList"));
const VariableList = later(() => import("./VariableList"));
const EmojiPicker = later(() => import("~/components/EmojiPicker"));

const TALLEST_PX = 168;
const VARIABLES_FOR_MS = 10_000;
const VARIABLES_WAIT_MS = 2_500;
const DAY_MS = 86_400_000;

/** A list above the bar, told of keys before the text is; true: it took the key. */
export type KeyTaker = (key: string) => boolean;

type QuickFile = NonNullable<QuickReply["file"]>;

/** How free the bar is: open, shut with a reason, or open to humans only (SEND-1, SEND-14). */
function standing(chat: Chat, now: number) {
  const { row, session } = chat;
  const state = sessionState(session, now);
  const human = session.human_until === null ? 0 : Date.parse(session.human_until) - now;
  const shut = state === "none" || state === "expired";
  if (row.blocked) return { shut: "blocked" as const, human: 0, state };
  return { shut: shut && human <= 0 ? state : null, human: shut ? Math.max(0, human) : 0, state };
}

export function Bar({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const { desk, me } = useDeskAndMe();
  const queries = useQueryClient();
  const now = useNow(5_000);
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const { row, session } = chat;
  const chatId = row.chat_id;
  const rules = me.rules[row.channel];
  const { shut, human, state } = standing(chat, now);
  const answered = useReplying(chatId);

  const [text, setText] = useState(() => drafts.of(chatId).text);
  const [ticked, setTicked] = useState(() => drafts.of(chatId).internal);
  const [quickFile, setQuickFile] = useState<QuickFile | null>(null);
  const [caret, setCaret] = useState(text.length);
  const [dismissed, setDismissed] = useState(false);
  const [listed, setListed] = useState<string | null>(null);
  const [emoji, setEmoji] = useState(false);
  const [overlay, setOverlay] = useState<Chosen | null>(null);
  const [recording, setRecording] = useState(false);
  const [dropping, setDropping] = useState(false);
  const [lacks, setLacks] = useState<{ name: string; reason: Lack }[]>([]);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const takesKey = useRef<KeyTaker | null>(null);
  const busy = useRef(false);

  // An answer to what no contact may see is itself nothing for the contact.
  const forced = answered?.internal === true;
  const internal = ticked || forced || saysInternal(text);
  const locked = shut !== null && !internal;
  const said = internal ? withoutPrefix(text) : text;
  const wantsVariables = !internal && text.includes("{");
  const variablesQuery = {
    queryKey: ["variables", chatId],
    queryFn: () => doors.variables(chatId),
    staleTime: VARIABLES_FOR_MS,
  };
  const { data: told } = useQuery({ ...variablesQuery, enabled: wantsVariables, retry: 1 });
  const known: Variable[] = told?.variables ?? [];
  const signature =
    rules && !internal ? signatureOf(rules, me.settings.name_prefix, me.agent.name) : "";
  const measure = measured(
    internal ? said : filledIn(said, known),
    internal || !rules ? null : rules,
    signature,
    quickFile !== null,
  );
  const over = measure.used - measure.limit;
  const ready = !locked && (said.trim() !== "" || quickFile !== null) && over <= 0;
  const search = dismissed ? null : quickSearch(text);
  const unfinished =
    dismissed || internal || search !== null ? null : unfinishedVariable(text, caret);
  const listOpen = !locked && !recording && (search !== null || unfinished !== null);

  useEffect(() => {
    drafts.begin(me.agent.agent_id, doors);
    const seen = () => {
      if (document.visibilityState === "visible") void drafts.load();
      else drafts.flush();
    };
    const left = () => drafts.flush();
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("pagehide", left);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("pagehide", left);
      drafts.flush();
    };
  }, [me.agent.agent_id]);

  useEffect(
    () =>
      drafts.subscribe((changed) => {
        const draft = drafts.of(chatId);
        if (changed !== chatId || draft.text === area.current?.value) return;
        setText(draft.text);
        setTicked(draft.internal);
        setCaret(draft.text.length);
      }),
    [chatId],
  );

  // The message that a draft answered is found again if it is among those shown.
  useEffect(() => {
    const { quotes } = drafts.of(chatId);
    if (quotes === null || replying.of(chatId)) return;
    const shown = desk.getSnapshot().state?.chat?.messages ?? [];
    replying.set(chatId, shown.find((message) => message.key === quotes) ?? null);
  }, [chatId, desk]);

  const answeredKey = answered?.key ?? null;
  useEffect(() => {
    drafts.keep(chatId, { text, internal: ticked, quotes: text === "" ? null : answeredKey });
  }, [chatId, text, ticked, answeredKey]);
  useEffect(() => {
    if (answeredKey !== null) area.current?.focus();
  }, [answeredKey]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(TALLEST_PX, element.scrollHeight)}px`;
    element.style.overflowY = element.scrollHeight > TALLEST_PX ? "auto" : "hidden";
  }, [text, locked]);

  const write = (value: string, at = value.length) => {
    setText(value);
    setCaret(at);
    setLacks([]);
    setDismissed(false);
  };
  /** Puts words where the caret is, and the caret behind them. */
  const insert = (words: string, from = area.current?.selectionStart ?? text.length) => {
    const to = area.current?.selectionEnd ?? text.length;
    write(text.slice(0, from) + words + text.slice(to), from + words.length);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + words.length, from + words.length);
    });
  };

  const quotes = answered ? { quotes: answered.key } : {};
  const quote = answered ? { quote: quoteOf(answered) } : {};
  /** What every message of this moment has in common. */
  const manner = {
    body: { ...(internal ? { internal: true } : {}), ...quotes },
    shown: { ...(internal ? { internal: true, status: null } : {}), ...quote },
  };

  const send = async () => {
    if (!ready || busy.current) return;
    let values = known;
    if (!internal && variablesOf(said).length > 0) {
      if (!told) {
        busy.current = true;
        const late = new Promise<null>((resolve) => setTimeout(resolve, VARIABLES_WAIT_MS, null));
        const found = await Promise.race([
          queries.fetchQuery(variablesQuery).catch(() => null),
          late,
        ]);
        busy.current = false;
        values = found?.variables ?? [];
      }
      // Without an answer the server is the one to say which variable lacks a value.
      const missing = values.length > 0 ? lacking(said, values) : [];
      if (missing.length > 0) {
        setLacks(missing);
        area.current?.focus();
        return;
      }
    }
    const file = quickFile ? [{ key: quickFile.key, name: quickFile.name, voice: false }] : null;
    const kind: Partial<Outgoing["shown"]> =
      file && quickFile
        ? { kind: familyOf(quickFile.mime_type), files: [waitingFile(quickFile)] }
        : holdsPicture(said, values)
          ? { kind: "image" }
          : {};
    desk.send(
      chatId,
      { text: said, ...manner.body, ...(file ? { files: file } : {}) },
      { text: internal ? said : filledIn(said, values), ...kind, ...manner.shown },
    );
    write("");
    setQuickFile(null);
    replying.set(chatId, null);
    area.current?.focus();
  };

  const stage = (files: File[]) => {
    if (files.length === 0 || locked) return;
    setOverlay({ window: "preview", files });
  };
  const stageLatest = useRef(stage);
  stageLatest.current = stage;
  useEffect(() => {
    const place = form.current?.closest("section") ?? form.current;
    if (!place || locked) return;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropping(true);
    };
    const leave = (event: DragEvent) => {
      if (!place.contains(event.relatedTarget as Node | null)) setDropping(false);
    };
    const drop = (event: DragEvent) => {
      setDropping(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      stageLatest.current([...(event.dataTransfer?.files ?? [])]);
    };
    place.addEventListener("dragover", over);
    place.addEventListener("dragleave", leave);
    place.addEventListener("drop", drop);
    return () => {
      place.removeEventListener("dragover", over);
      place.removeEventListener("dragleave", leave);
      place.removeEventListener("drop", drop);
    };
  }, [locked]);

  const sendFiles = (files: File[], voice = false) => {
    if (!rules) return;
    void import("./sendFiles").then(({ sendFiles: go }) =>
      go({ desk, chatId, channel: row.channel, rules: internal ? null : rules, manner }, files, {
        voice,
      }).then((problems) => {
        if (problems.length > 0) setOverlay({ window: "problems", problems });
      }),
    );
    replying.set(chatId, null);
  };

  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const { key } = event;
    if (listOpen && takesKey.current?.(key)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (key === "Escape") {
      if (listOpen) setDismissed(true);
      else if (emoji) setEmoji(false);
      else if (answered) replying.set(chatId, null);
      else if (quickFile) setQuickFile(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    if (event.repeat) return;
    void send();
  };

  const overlayShown = (
    <Suspense>
      {overlay && rules ? (
        <Overlay
          chosen={overlay}
          chat={chat}
          rules={rules}
          internal={internal}
          shut={shut !== null}
          manner={manner}
          signature={signature}
          choose={setOverlay}
          pick={(accept) => {
            const input = chooser.current;
            if (!input) return;
            input.accept = accept;
            input.value = "";
            input.click();
          }}
          close={() => {
            setOverlay(null);
            area.current?.focus();
          }}
        />
      ) : null}
    </Suspense>
  );
  const tick = (
    <label className={styles.tick}>
      <input
        type="checkbox"
        checked={internal}
        disabled={forced}
        data-testid="bar-internal"
        onChange={(event) => {
          const on = event.currentTarget.checked;
          setTicked(on);
          if (!on && saysInternal(text)) write(withoutPrefix(text));
          if (on) requestAnimationFrame(() => area.current?.focus());
        }}
      />
      {shut === null ? t("bar.internal") : t("bar.internalShut")}
    </label>
  );

  if (locked) {
    const words = row.channel === "whatsapp" ? "session" : "sessionNoTemplates";
    return (
      <form ref={form} className={styles.bar} data-locked="true">
        <div className={styles.shut}>
          <span className={styles.reason}>
            <Icon of={shut === "blocked" ? IconBan : IconLock} />
            <p data-testid="bar-locked">
              {shut === "blocked"
                ? t("bar.blocked")
                : t(`bar.${words}.${shut === "none" ? "none" : "expired"}`)}
            </p>
          </span>
          <span className={styles.ways}>
            {rules?.templates && shut !== "blocked" ? (
              <Button
                size="sm"
                data-testid="bar-template"
                onClick={() => setOverlay({ window: "template" })}
              >
                {t("bar.template")}
              </Button>
            ) : null}
            {tick}
          </span>
        </div>
        {overlayShown}
      </form>
    );
  }

  const unit = measure.unit === "bytes" ? "Bytes" : "";
  const left = -over;
  const warning =
    human > 0 && session.human_until
      ? t("bar.human", {
          until: untilTime(session.human_until, now),
          left:
            human >= DAY_MS
              ? t("bar.humanDays", { count: Math.floor(human / DAY_MS) })
              : t("bar.humanHours"),
        })
      : state === "expiring" && session.ends_at && !internal
        ? t("bar.expiring", { until: untilTime(session.ends_at, now) })
        : null;
  return (
    <form
      ref={form}
      className={styles.bar}
      data-internal={internal}
      data-dropping={dropping}
      data-testid="bar"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {dropping ? <p className={styles.drop}>{t("bar.drop")}</p> : null}
      {warning && !internal ? <p className={styles.warning}>{warning}</p> : null}
      {disconnected ? (
        <p className={styles.warning} role="status">
          {t("bar.offline")}
        </p>
      ) : null}
      {answered ? (
        <div className={styles.strip} data-testid="bar-reply">
          <div className={styles.stripWords}>
            <strong>
              {answered.author === "contact" || answered.agent_id !== me.agent.agent_id
                ? t("bar.replyTo", {
                    name: senderOf(answered, row.name || t("authors.contact"), t),
                  })
                : t("bar.replyToSelf")}
            </strong>
            <p dir="auto">{answered.text || t(`kinds.${answered.kind}`)}</p>
          </div>
          <button
            type="button"
            className={styles.remove}
            aria-label={t("bar.stopReply")}
            title={t("bar.stopReply")}
            onClick={() => replying.set(chatId, null)}
          >
            <Icon of={IconX} size={16} />
          </button>
        </div>
      ) : null}
      {quickFile ? (
        <div className={styles.strip} data-testid="bar-file">
          <Icon of={IconPaperclip} size={16} />
          <p className={styles.stripWords} dir="auto">
            {quickFile.name}
          </p>
          <button
            type="button"
            className={styles.remove}
            aria-label={t("bar.dropFile")}
            title={t("bar.dropFile")}
            onClick={() => setQuickFile(null)}
          >
            <Icon of={IconX} size={16} />
          </button>
        </div>
      ) : null}
      {lacks.length > 0 ? (
        <div className={styles.lacks} role="alert" data-testid="bar-lacks">
          {lacks.map(({ name, reason }) => (
            <p key={name}>{t(`bar.lacks.${reason}`, { name: `{${name}}` })}</p>
          ))}
        </div>
      ) : null}
      <div className={styles.above}>
        <Suspense>
          {listOpen && search !== null ? (
            <QuickReplyList
              search={search}
              chosen={(reply) => {
                if (reply === "interna") {
                  write("/interna ");
                  area.current?.focus();
                  return;
                }
                write(reply.text);
                setQuickFile(reply.file);
                area.current?.focus();
              }}
              takesKey={takesKey}
              active={setListed}
            />
          ) : null}
          {listOpen && unfinished !== null ? (
            <VariableList
              search={unfinished}
              variables={told?.variables ?? null}
              chosen={(name) => insert(`{${name}}`, caret - unfinished.length - 1)}
              takesKey={takesKey}
              active={setListed}
            />
          ) : null}
          {emoji ? (
            <EmojiPicker chosen={(one) => insert(one)} close={() => setEmoji(false)} />
          ) : null}
        </Suspense>
      </div>
      {recording ? (
        <Suspense fallback={<div className={styles.line} />}>
          <VoiceRecorder
            types={internal || !rules ? ["audio/ogg"] : rules.voice_types}
            confirm={me.settings.audio_confirmation}
            done={(file) => {
              setRecording(false);
              if (file) sendFiles([file], true);
              requestAnimationFrame(() => area.current?.focus());
            }}
          />
        </Suspense>
      ) : null}
      <div className={styles.line} hidden={recording}>
        <ActionIcon
          variant="subtle"
          size={40}
          aria-label={t("bar.attach")}
          title={t("bar.attach")}
          aria-haspopup="menu"
          aria-expanded={overlay?.window === "menu"}
          data-testid="bar-attach"
          onClick={() => setOverlay({ window: "menu" })}
        >
          <Icon of={IconPlus} size={22} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          size={40}
          className={styles.emoji}
          aria-label={t("bar.emoji")}
          title={t("bar.emoji")}
          aria-expanded={emoji}
          data-testid="bar-emoji"
          onClick={() => setEmoji((on) => !on)}
        >
          <Icon of={IconMoodSmile} size={21} />
        </ActionIcon>
        <textarea
          ref={area}
          className={styles.area}
          rows={1}
          dir="auto"
          value={text}
          placeholder={internal ? t("bar.labelInternal") : t("bar.label")}
          aria-label={internal ? t("bar.labelInternal") : t("bar.label")}
          aria-invalid={over > 0 || lacks.length > 0}
          aria-describedby="bar-count"
          aria-autocomplete={listOpen ? "list" : undefined}
          aria-controls={listOpen ? "bar-list" : undefined}
          aria-activedescendant={listOpen && listed ? listed : undefined}
          title={t("bar.hint")}
          enterKeyHint="send"
          data-testid="bar-input"
          onChange={(event) => write(event.currentTarget.value, event.currentTarget.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            const { types } = event.clipboardData;
            // Copied cells come as text and as a picture of it: the text is meant.
            const cells = types.includes("text/plain") && types.includes("text/html");
            if (files.length === 0 || cells) return;
            event.preventDefault();
            stage(files);
          }}
          onKeyDown={onKeyDown}
        />
        <ActionIcon
          variant="subtle"
          size={40}
          aria-label={t("bar.record")}
          title={t("bar.record")}
          data-testid="bar-record"
          onClick={() => {
            setEmoji(false);
            setRecording(true);
          }}
        >
          <Icon of={IconMicrophone} size={21} />
        </ActionIcon>
        <ActionIcon
          type="submit"
          size={40}
          className={styles.send}
          data-internal={internal}
          aria-label={internal ? t("bar.sendInternal") : t("bar.send")}
          title={internal ? t("bar.sendInternal") : t("bar.send")}
          disabled={!ready}
          data-testid="bar-send"
        >
          <Icon of={IconSend2} size={20} />
        </ActionIcon>
      </div>
      <div className={styles.foot}>
        {tick}
        {internal ? <span className={styles.note}>{t("bar.internalNote")}</span> : null}
        <p
          id="bar-count"
          className={isNear(measure) ? styles.count : "hidden"}
          data-over={over > 0}
          role={over > 0 ? "alert" : undefined}
          data-testid="bar-count"
        >
          {!isNear(measure)
            ? null
            : over > 0
              ? t(`bar.over${unit}`, { count: over })
              : t(`bar.left${unit}`, { count: left })}
        </p>
      </div>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        data-testid="bar-chooser"
        onChange={(event) => sendFiles([...(event.currentTarget.files ?? [])])}
      />
      {overlayShown}
    </form>
  );
}

/** A quick reply's file as it is shown until the server has copied it. */
function waitingFile({ name, mime_type, size }: QuickFile): MessageFile {
  const kind = familyOf(mime_type);
  const told = { name, mime_type, size, voice: false, width: null, height: null };
  return { kind, state: "pending", reason: null, ...told };
}

function familyOf(type: string): "image" | "video" | "audio" | "document" {
  const family = /^(image|video|audio)\//.exec(type)?.[1];
  return (family as "image" | "video" | "audio" | undefined) ?? "document";
}
