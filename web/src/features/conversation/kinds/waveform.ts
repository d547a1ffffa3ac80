/** The shape of a sound, decoded by the browser once it is in sight. */

import { useEffect, useState } from "react";

export const BARS = 44;
const LARGEST = 3_000_000;
const RATE = 16_000;
const MOST_KEPT = 200;

export interface Waveform {
  /** From 0 to 1, from beginning to end. */
  peaks: number[];
  seconds: number;
}

const known = new Map<string, Promise<Waveform | null>>();

async function decode(source: string): Promise<Waveform | null> {
  try {
    const answer = await fetch(source);
    if (!answer.ok) return null;
    const bytes = await answer.arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
    return { peaks: peaksOf(sound.getChannelData(0)), seconds: sound.duration };
  } catch {
    return null;
  }
}

/** The loudest moment of each part, the loudest of all being 1. */
export function peaksOf(samples: Float32Array): number[] {
  const step = samples.length / BARS;
  const peaks = Array.from({ length: BARS }, (_, bar) => {
    let peak = 0;
    const end = Math.floor((bar + 1) * step);
    for (let at = Math.floor(bar * step); at < end; at += 8) {
      peak = Math.max(peak, Math.abs(samples[at] ?? 0));
    }
    return peak;
  });
  const loudest = Math.max(...peaks, 0.01);
  return peaks.map((peak) => peak / loudest);
}

/** Null while it is not there, and where it cannot be had: a plain bar stands for it. */
export function useWaveform(id: string, source: string | null, size: number | null) {
  const [waveform, setWaveform] = useState<Waveform | null>(null);
  const wanted = source !== null && (size === null || size <= LARGEST);
  useEffect(() => {
    if (!wanted || source === null || typeof OfflineAudioContext === "undefined") return;
    let here = true;
    // Whoever only scrolls past fetches nothing.
    const timer = setTimeout(() => {
      const decoded = known.get(id) ?? decode(source);
      known.set(id, decoded);
      for (const oldest of known.keys()) {
        if (known.size <= MOST_KEPT) break;
        known.delete(oldest);
      }
      void decoded.then((shape) => {
        if (shape === null) known.delete(id);
        if (here) setWaveform(shape);
      });
    }, 250);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [id, source, wanted]);
  return waveform;
}
