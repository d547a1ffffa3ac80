/** Sounds of the conversation: they go on while their balloon is out of sight, one at a time. */

import { useSyncExternalStore } from "react";

export const SPEEDS = [1, 1.5, 2] as const;
const MOST_KEPT = 12;

export interface SoundState {
  playing: boolean;
  /** Seconds. */
  at: number;
  /** Seconds; 0 while not known. */
  length: number;
  failed: boolean;
}

const SILENT: SoundState = { playing: false, at: 0, length: 0, failed: false };

interface Sound {
  element: HTMLAudioElement;
  state: SoundState;
  source: string;
}

const sounds = new Map<string, Sound>();
const listeners = new Set<() => void>();
let speed: (typeof SPEEDS)[number] = 1;

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function change(id: string, part: Partial<SoundState>): void {
  const sound = sounds.get(id);
  if (!sound) return;
  sound.state = { ...sound.state, ...part };
  tell();
}

function soundOf(id: string, source: string): Sound {
  const known = sounds.get(id);
  if (known && (known.source === source || known.state.playing)) return known;
  const element = new Audio();
  element.preload = "metadata";
  element.src = source;
  const sound: Sound = { element, source, state: known?.state ?? SILENT };
  const lengthOf = () => (Number.isFinite(element.duration) ? element.duration : 0);
  element.ontimeupdate = () => change(id, { at: element.currentTime });
  element.onloadedmetadata = () => change(id, { length: lengthOf() || sound.state.length });
  element.ondurationchange = () => change(id, { length: lengthOf() || sound.state.length });
  element.onplay = () => change(id, { playing: true, failed: false });
  element.onpause = () => change(id, { playing: false });
  element.onended = () => change(id, { playing: false, at: 0 });
  element.onerror = () => change(id, { playing: false, failed: true });
  sounds.set(id, sound);
  for (const [other, { state }] of sounds) {
    if (sounds.size <= MOST_KEPT) break;
    if (!state.playing && other !== id) sounds.delete(other);
  }
  return sound;
}

/** Plays a sound, and stops every other one. */
export function play(id: string, source: string): void {
  for (const [other, { element, state }] of sounds) {
    if (other !== id && state.playing) element.pause();
  }
  const { element, state } = soundOf(id, source);
  element.playbackRate = speed;
  if (Math.abs(element.currentTime - state.at) > 0.5) element.currentTime = state.at;
  element.play()?.catch((problem: unknown) => {
    if ((problem as Error | null)?.name !== "AbortError")
      change(id, { failed: true, playing: false });
  });
}

export function pause(id: string): void {
  sounds.get(id)?.element.pause();
}

/** Goes to a second of a sound, playing or not. */
export function seek(id: string, source: string, at: number): void {
  const { element } = soundOf(id, source);
  element.currentTime = at;
  change(id, { at });
}

/** The next speed, for all sounds. */
export function nextSpeed(): void {
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1;
  for (const { element } of sounds.values()) element.playbackRate = speed;
  tell();
}

export function useSound(id: string): SoundState {
  return useSyncExternalStore(subscribe, () => sounds.get(id)?.state ?? SILENT);
}

export function useSpeed(): number {
  return useSyncExternalStore(subscribe, () => speed);
}
