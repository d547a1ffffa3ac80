/** A voice note or another sound: play, speed, and where it is, by mouse and keyboard. */

import {
  IconDownload,
  IconMicrophone,
  IconMusic,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { plainName } from "~/lib/text";
import { useFileAddress } from "../fileAddresses";
import { NotThere } from "./FileState";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { nextSpeed, pause, play, seek, useSound, useSpeed } from "./sounds";
import { BARS, useWaveform } from "./waveform";

const HIGH = 26;
/** How far an arrow goes; of short sounds a tenth. */
const STEP_SECONDS = 5;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** «1:07» */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function Player({ message, chatId, index, file }: FileProps) {
  const { t } = useTranslation("messages");
  const id = `${chatId} ${message.key} ${index}`;
  const { current: address, gone } = useFileAddress(chatId, message, index);
  const { playing, at, length, failed } = useSound(id);
  const speed = useSpeed();
  const source = address?.url ?? null;
  const waveform = useWaveform(id, source, file.size);
  if (gone) return <NotThere file={file} />;
  // What we keep is there, whatever the browser makes of it; what is only linked is gone.
  const lost = failed && file.state === "linked";
  const seconds = waveform?.seconds || length;
  const shown = `${speed.toLocaleString("pt-BR")}×`;
  const label = file.voice || !file.name ? t(file.voice ? "sound.voice" : "sound.audio") : null;
  return (
    <fieldset
      className={styles.player}
      aria-label={label ?? plainName(file.name ?? "")}
      data-testid="player"
      data-playing={playing}
    >
      <button
        type="button"
        className={styles.play}
        disabled={source === null}
        aria-label={playing ? t("sound.pause") : t("sound.play")}
        data-testid="play"
        onClick={() => {
          if (playing) pause(id);
          else if (source !== null) play(id, source);
        }}
      >
        <Icon of={playing ? IconPlayerPauseFilled : IconPlayerPlayFilled} size={20} />
      </button>
      <div className={styles.track}>
        {file.name && !file.voice ? (
          <bdi className={styles.fileName} dir="auto">
            {plainName(file.name)}
          </bdi>
        ) : null}
        <div className={styles.wave}>
          <Wave peaks={waveform?.peaks ?? null} part={seconds > 0 ? at / seconds : 0} />
          <input
            type="range"
            className={styles.seek}
            min={0}
            max={seconds > 0 ? seconds : 1}
            step={0.1}
            value={seconds > 0 ? Math.min(at, seconds) : 0}
            disabled={source === null || seconds === 0}
            aria-label={t("sound.position")}
            aria-valuetext={t("sound.at", { now: clock(at), whole: clock(seconds) })}
            data-testid="seek"
            onKeyDown={(event) => {
              const step = STEPS[event.key];
              if (source === null || step === undefined) return;
              event.preventDefault();
              const to = at + step * Math.min(STEP_SECONDS, seconds / 10);
              seek(id, source, Math.min(Math.max(to, 0), seconds));
            }}
            onChange={(event) => {
              if (source !== null) seek(id, source, Number(event.currentTarget.value));
            }}
          />
        </div>
        <div className={styles.trackFoot}>
          <Icon of={file.voice ? IconMicrophone : IconMusic} size={13} />
          <span>{seconds > 0 ? clock(playing || at > 0 ? at : seconds) : "–:––"}</span>
          {failed ? <span role="alert">{t(lost ? "file.gone" : "sound.failed")}</span> : null}
        </div>
      </div>
      {failed && address && !lost ? (
        <a
          className={styles.speed}
          href={address.download}
          download={plainName(file.name ?? "")}
          aria-label={t("file.download")}
          title={t("file.download")}
        >
          <Icon of={IconDownload} size={18} />
        </a>
      ) : (
        <button
          type="button"
          className={styles.speed}
          aria-label={t("sound.speed", { speed: shown })}
          data-testid="speed"
          onClick={nextSpeed}
        >
          {shown}
        </button>
      )}
    </fieldset>
  );
}

/** The shape of the sound; without one, a plain bar. What was heard is coloured. */
function Wave({ peaks, part }: { peaks: number[] | null; part: number }) {
  if (peaks === null) {
    return (
      <svg viewBox={`0 0 100 ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
        <rect x={0} y={HIGH / 2 - 1.5} width={100} height={3} rx={1} className={styles.bar} />
        <rect
          x={0}
          y={HIGH / 2 - 1.5}
          width={100 * Math.min(part, 1)}
          height={3}
          rx={1}
          className={styles.heard}
        />
      </svg>
    );
  }
  return (
    <svg viewBox={`0 0 ${BARS * 4} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      {peaks.map((peak, bar) => {
        const height = Math.max(3, peak * HIGH);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the bars of one sound never move
            key={bar}
            x={bar * 4}
            y={(HIGH - height) / 2}
            width={2.4}
            height={height}
            rx={1.2}
            className={(bar + 0.5) / BARS <= part ? styles.heard : styles.bar}
          />
        );
      })}
    </svg>
  );
}
