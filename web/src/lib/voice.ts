/**
 * A voice note from the microphone (SEND-8): Ogg/Opus, mono, 48 kHz where the channel takes it, else
 * AAC where the browser can, else WAV. The encoders are opus-recorder's worklets, which are driven
 * here directly: its own recorder needs `new Function`, which the page's policy forbids.
 */

import opusEncoder from "opus-recorder/dist/encoderWorker.min.js?url";
import waveEncoder from "opus-recorder/dist/waveWorker.min.js?url";

export type VoiceFailure = "denied" | "missing" | "busy" | "unsupported";

/** Nothing can be recorded, and why. */
export class NoVoice extends Error {
  constructor(readonly reason: VoiceFailure) {
    super(`no voice can be recorded: ${reason}`);
    this.name = "NoVoice";
  }
}

export interface Recording {
  /** The longest that the channel takes, in seconds. */
  longest: number;
  /** How loud it is now, from 0 to 1. */
  level(): number;
  /** Ends it; the microphone is let go. */
  stop(): Promise<File>;
  /** Throws away what was recorded; the microphone is let go. */
  discard(): void;
}

const OGG = "audio/ogg";
const AAC = "audio/mp4;codecs=mp4a.40.2";
const BITS_PER_SECOND = 32_000;
const WAVE_RATE = 16_000;
const LONGEST_SECONDS = 3_600;
const LONGEST_WAVE_SECONDS = 600;
const VOICE = 2048; // OPUS_APPLICATION_VOIP
const READY_MS = 10_000;

/** Begins to record. `types`: what the channel takes as voice. Throws NoVoice. */
export async function record(types: readonly string[]): Promise<Recording> {
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
    throw new NoVoice("unsupported");
  }
  const stream = await microphone();
  try {
    if (types.includes(OGG)) return await encoded(stream, opus());
    if (types.includes("audio/mp4") && canAac()) return await native(stream);
    return await encoded(stream, wave());
  } catch (error) {
    letGo(stream);
    throw error instanceof NoVoice ? error : new NoVoice("unsupported");
  }
}

async function microphone(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") throw new NoVoice("denied");
    if (name === "NotFoundError" || name === "OverconstrainedError") throw new NoVoice("missing");
    throw new NoVoice("busy");
  }
}

function canAac(): boolean {
  return typeof MediaRecorder !== "undefined" && MediaRecorder.isTypeSupported(AAC);
}

function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

interface Encoding {
  module: string;
  /** The rate at which the microphone is heard; undefined: the machine's own. */
  rate: number | undefined;
  options: Record<string, unknown>;
  name: string;
  type: string;
  longest: number;
}

const opus = (): Encoding => ({
  module: opusEncoder,
  rate: 48_000,
  options: {
    encoderApplication: VOICE,
    encoderBitRate: BITS_PER_SECOND,
    encoderFrameSize: 20,
    encoderSampleRate: 48_000,
    maxFramesPerPage: 40,
    resampleQuality: 3,
  },
  name: "audio.ogg",
  type: OGG,
  longest: LONGEST_SECONDS,
});

const wave = (): Encoding => ({
  module: waveEncoder,
  rate: WAVE_RATE,
  options: { wavBitDepth: 16 },
  name: "audio.wav",
  type: "audio/wav",
  longest: LONGEST_WAVE_SECONDS,
});

/** Firefox hears a microphone only at the machine's own rate; the encoders take any. */
function listened(stream: MediaStream, rate: number | undefined) {
  const context = new AudioContext(rate === undefined ? {} : { sampleRate: rate });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch (error) {
    void context.close();
    if (rate === undefined) throw error;
    return listened(stream, undefined);
  }
}

function metered(context: AudioContext, source: AudioNode): () => number {
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return () => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    // Speech is quiet as amplitudes go: spread so that it fills the meter.
    return Math.min(1, Math.sqrt(Math.sqrt(sum / samples.length)) * 1.4);
  };
}

async function encoded(stream: MediaStream, encoding: Encoding): Promise<Recording> {
  const { context, source } = listened(stream, encoding.rate);
  const close = () => {
    letGo(stream);
    source.disconnect();
    void context.close().catch(() => {});
  };
  try {
    await context.audioWorklet.addModule(encoding.module);
    await context.resume();
    const node = new AudioWorkletNode(context, "encoder-worklet", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    const pages: Uint8Array<ArrayBuffer>[] = [];
    const said = (message: string, longest: number) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new NoVoice("unsupported")), longest);
        node.port.addEventListener("message", ({ data }) => {
          if (data.message !== message) return;
          clearTimeout(timer);
          resolve();
        });
      });
    node.port.addEventListener("message", ({ data }) => {
      if (data.message === "page") pages.push(data.page);
    });
    node.port.start();
    const ready = said("ready", READY_MS);
    const rate = context.sampleRate;
    node.port.postMessage({
      command: "init",
      numberOfChannels: 1,
      originalSampleRate: rate,
      wavSampleRate: rate,
      ...encoding.options,
    });
    await ready;
    node.port.postMessage({ command: "getHeaderPages" });
    const level = metered(context, source);
    source.connect(node);
    return {
      longest: encoding.longest,
      level,
      discard: close,
      async stop() {
        letGo(stream);
        const done = said("done", READY_MS);
        node.port.postMessage({ command: "done" });
        await done;
        node.port.postMessage({ command: "close" });
        close();
        return new File(pages, encoding.name, { type: encoding.type });
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** The browser's own encoder, where it has the codec that phones play. */
async function native(stream: MediaStream): Promise<Recording> {
  const { context, source } = listened(stream, undefined);
  await context.resume();
  const recorder = new MediaRecorder(stream, {
    mimeType: AAC,
    audioBitsPerSecond: 2 * BITS_PER_SECOND,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => {
    if (data.size > 0) parts.push(data);
  };
  recorder.start();
  const close = () => {
    letGo(stream);
    source.disconnect();
    void context.close().catch(() => {});
  };
  return {
    longest: LONGEST_SECONDS,
    level: metered(context, source),
    discard() {
      recorder.ondataavailable = null;
      if (recorder.state !== "inactive") recorder.stop();
      close();
    },
    async stop() {
      const ended = new Promise<void>((resolve) => {
        recorder.onstop = () => resolve();
      });
      recorder.stop();
      await ended;
      close();
      return new File(parts, "audio.m4a", { type: "audio/mp4" });
    },
  };
}
