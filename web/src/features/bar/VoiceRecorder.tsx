/**
 * A voice note while it is recorded: level, time, bin and stop (SEND-8). What is recorded goes out on
 * stop, or is asked about first where the agency wants that; leaving throws it away.
 */

import { ActionIcon, Button } from "@mantine/core";
import { IconPlayerStopFilled, IconTrash } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Window, WindowActions } from "~/components/Window";
import { addSentences } from "~/i18n";
import { bar } from "~/i18n/bar";
import { NoVoice, type Recording, record, type VoiceFailure } from "~/lib/voice";
import styles from "./VoiceRecorder.module.css";

addSentences("bar", bar);

const SHORTEST_MS = 500;
const BARS = 28;
const METER_MS = 80;

interface VoiceRecorderProps {
  /** What the channel takes as voice. */
  types: readonly string[];
  /** «Mostrar confirmação de envio de áudio» */
  confirm: boolean;
  /** Null: nothing is to be sent. */
  done: (file: File | null) => void;
}

type Trouble = VoiceFailure | "broken" | "short";

export default function VoiceRecorder({ types, confirm, done }: VoiceRecorderProps) {
  const { t } = useTranslation("bar");
  const recording = useRef<Recording | null>(null);
  const began = useRef(0);
  const stopping = useRef(false);
  const [live, setLive] = useState(false);
  const [seconds, setSeconds] = useState(0);
  const [levels, setLevels] = useState<number[]>(() => Array(BARS).fill(0));
  const [asked, setAsked] = useState<{ file: File; longest: boolean } | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const doneLatest = useRef(done);
  doneLatest.current = done;
  const typesLatest = useRef(types);

  useEffect(() => {
    let gone = false;
    record(typesLatest.current)
      .then((begun) => {
        if (gone) {
          begun.discard();
          return;
        }
        recording.current = begun;
        began.current = performance.now();
        setLive(true);
      })
      .catch((error: unknown) => {
        if (!gone) setTrouble(error instanceof NoVoice ? error.reason : "broken");
      });
    return () => {
      gone = true;
      recording.current?.discard();
      recording.current = null;
    };
  }, []);

  const stop = useCallback(
    async (longest: boolean) => {
      const begun = recording.current;
      if (!begun || stopping.current) return;
      stopping.current = true;
      recording.current = null;
      setLive(false);
      if (performance.now() - began.current < SHORTEST_MS) {
        begun.discard();
        setTrouble("short");
        return;
      }
      try {
        const file = await begun.stop();
        if (confirm || longest) setAsked({ file, longest });
        else doneLatest.current(file);
      } catch {
        begun.discard();
        setTrouble("broken");
      }
    },
    [confirm],
  );

  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => {
      const begun = recording.current;
      if (!begun) return;
      setLevels((was) => [...was.slice(1), begun.level()]);
      const passed = (performance.now() - began.current) / 1_000;
      setSeconds(Math.floor(passed));
      if (passed >= begun.longest) void stop(true);
    }, METER_MS);
    return () => clearInterval(timer);
  }, [live, stop]);

  // Closing the page in the midst of it is asked about; the microphone is let go in any case.
  const unsent = live || asked !== null;
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const leave = () => recording.current?.discard();
    window.addEventListener("beforeunload", ask);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("pagehide", leave);
    };
  }, [unsent]);

  const discard = () => {
    recording.current?.discard();
    recording.current = null;
    done(null);
  };
  const stopButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (live) stopButton.current?.focus();
  }, [live]);

  if (trouble) {
    const known = trouble !== "short" && trouble !== "broken";
    return (
      <div className={styles.trouble} role="alert" data-testid="voice-trouble">
        <div>
          <p>
            <strong>{known ? t(`voice.failures.${trouble}`) : t(`voice.${trouble}`)}</strong>
          </p>
          {known ? <p>{t(`voice.ways.${trouble}`)}</p> : null}
        </div>
        <Button size="compact-sm" variant="default" onClick={() => done(null)} autoFocus>
          {t("file.understood")}
        </Button>
      </div>
    );
  }
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of controls, not of a form's fields */}
      <div
        className={styles.recorder}
        role="group"
        aria-label={t("voice.recording")}
        data-testid="voice-recorder"
        data-live={live}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || asked) return;
          event.preventDefault();
          event.stopPropagation();
          discard();
        }}
      >
        <ActionIcon
          variant="subtle"
          color="red"
          size={40}
          aria-label={t("voice.discard")}
          title={t("voice.discard")}
          onClick={discard}
          data-testid="voice-discard"
        >
          <Icon of={IconTrash} size={20} />
        </ActionIcon>
        <span className={styles.dot} aria-hidden="true" />
        <time className={styles.time} data-testid="voice-time">
          {clock(seconds)}
        </time>
        <span className={styles.meter} role="img" aria-label={t("voice.level")}>
          {levels.map((level, index) => (
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: a meter's bars never move
              key={index}
              style={{ height: `${Math.max(8, Math.round(level * 100))}%` }}
            />
          ))}
        </span>
        <span className="hidden" role="status">
          {live ? t("voice.recording") : t("voice.starting")}
        </span>
        {live ? null : <span className={styles.starting}>{t("voice.starting")}</span>}
        <ActionIcon
          ref={stopButton}
          size={40}
          aria-label={confirm ? t("voice.stopAsk") : t("voice.stop")}
          title={confirm ? t("voice.stopAsk") : t("voice.stop")}
          disabled={!live}
          onClick={() => void stop(false)}
          data-testid="voice-stop"
        >
          <Icon of={IconPlayerStopFilled} size={18} />
        </ActionIcon>
      </div>
      {asked ? (
        <Window title={t("voice.confirm")} close={() => done(null)} size={440} testId="voice-ask">
          {asked.longest ? <p className={styles.longest}>{t("voice.longest")}</p> : null}
          <Playback file={asked.file} label={t("voice.listen")} />
          <WindowActions>
            <Button variant="default" onClick={() => done(null)} data-testid="voice-no">
              {t("voice.no")}
            </Button>
            <Button onClick={() => done(asked.file)} data-autofocus data-testid="voice-yes">
              {t("voice.yes")}
            </Button>
          </WindowActions>
        </Window>
      ) : null}
    </>
  );
}

function Playback({ file, label }: { file: File; label: string }) {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address ? (
    // biome-ignore lint/a11y/useMediaCaption: what was just said has no captions
    <audio controls src={address} aria-label={label} className={styles.playback} />
  ) : null;
}

function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
