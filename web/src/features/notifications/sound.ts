/** The sound that tells of something new: two soft tones, made here (NOTIF-1). */

import type { SoundEvent } from "~/lib/api/types";
import { serverNow } from "~/lib/clock";
import { kept } from "~/lib/storage";
import { claim } from "./claim";

/** What comes later tells of nothing that is new. */
export const FRESH_MS = 60_000;
const RESUMED_WITHIN_MS = 1_000;
const LOUDNESS = 0.16;
const TONES = [
  { hertz: 659.25, at: 0, seconds: 0.28 },
  { hertz: 880, at: 0.14, seconds: 0.46 },
];
const LENGTH_MS = 700;

export interface SoundWorld {
  /** By the server's clock, in milliseconds. */
  now(): number;
  /** Whether this tab may make a sound at all: browsers ask for a gesture first. */
  ready(): Promise<boolean>;
  claim(id: string): Promise<boolean>;
  play(): void;
}

/** Makes the sound, unless it comes late, cannot be heard here, or another tab has made it. */
export async function ring({ id, at }: SoundEvent, world: SoundWorld): Promise<void> {
  if (!(world.now() - Date.parse(at) <= FRESH_MS)) return;
  // Another tab may be able to: what is not claimed is left to it.
  if (!(await world.ready())) return;
  if (await world.claim(id)) world.play();
}

let context: AudioContext | null = null;
let soundsUntil = 0;

/** To be called at a gesture, never earlier: browsers would refuse and complain. */
export function unlock(): void {
  if (context || typeof AudioContext === "undefined") return;
  const made = new AudioContext();
  context = made;
  // Some want it to be begun within a gesture itself, and this one may be over.
  const listening = new AbortController();
  const begin = async () => {
    await made.resume();
    listening.abort();
    rest();
  };
  for (const gesture of ["pointerup", "keydown"]) {
    const options = { signal: listening.signal, capture: true };
    window.addEventListener(gesture, () => void begin(), options);
  }
  void begin();
}

/** A context that runs keeps the computer awake. */
function rest(): void {
  setTimeout(() => {
    if (Date.now() >= soundsUntil) void context?.suspend();
  }, LENGTH_MS + 100);
}

async function ready(): Promise<boolean> {
  if (navigator.userActivation?.hasBeenActive) unlock();
  if (!context) return false;
  const late = new Promise<void>((resolve) => setTimeout(resolve, RESUMED_WITHIN_MS));
  await Promise.race([context.resume().catch(() => {}), late]);
  return context.state === "running";
}

/** Of what comes all at once, one sound is heard. */
function play(): void {
  if (!context || Date.now() < soundsUntil) return;
  soundsUntil = Date.now() + LENGTH_MS;
  // It may have gone to rest since it was asked.
  void context.resume();
  const now = context.currentTime + 0.02;
  for (const { hertz, at, seconds } of TONES) {
    const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, now + at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, now + at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + at + seconds);
    tone.connect(volume).connect(context.destination);
    tone.start(now + at);
    tone.stop(now + at + seconds);
  }
  performance.mark("notification-sound");
  rest();
}

/** Tells this browser's user of something, by sound. */
export function sound(event: SoundEvent): Promise<void> {
  return ring(event, {
    now: serverNow,
    ready,
    claim: (id) => claim(id, kept, navigator.locks ?? null),
    play,
  });
}
