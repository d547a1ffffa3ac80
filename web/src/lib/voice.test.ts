/** Why nothing can be recorded; what is recorded is tried with a real microphone in the browser. */

import { afterEach, describe, expect, it, vi } from "vitest";
import { NoVoice, record } from "./voice";

vi.mock("opus-recorder/dist/encoderWorker.min.js?url", () => ({ default: "opus" }));
vi.mock("opus-recorder/dist/waveWorker.min.js?url", () => ({ default: "wave" }));

afterEach(() => vi.unstubAllGlobals());

const hearing = (getUserMedia: () => Promise<unknown>) => {
  vi.stubGlobal("navigator", { mediaDevices: { getUserMedia } });
  vi.stubGlobal("AudioWorkletNode", class {});
};
const reason = async (types = ["audio/ogg"]): Promise<string> =>
  record(types).then(
    () => "recorded",
    (error: unknown) => (error instanceof NoVoice ? error.reason : "something else"),
  );

describe("SEND-8: what keeps a voice from being recorded", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["SecurityError", "denied"],
    ["NotFoundError", "missing"],
    ["OverconstrainedError", "missing"],
    ["NotReadableError", "busy"],
    ["AbortError", "busy"],
  ])("%s: %s", async (name, expected) => {
    hearing(async () => {
      throw new DOMException("", name);
    });
    expect(await reason()).toBe(expected);
  });

  it("a browser without microphones or worklets is told so", async () => {
    vi.stubGlobal("navigator", {});
    expect(await reason()).toBe("unsupported");
    vi.stubGlobal("navigator", { mediaDevices: { getUserMedia: async () => ({}) } });
    expect(await reason()).toBe("unsupported");
  });

  it.each([["audio/ogg"], ["audio/mp4"], ["audio/wav"]])(
    "the microphone is let go when %s cannot be made",
    async (type) => {
      const stop = vi.fn();
      hearing(async () => ({ getTracks: () => [{ stop }] }));
      vi.stubGlobal("MediaRecorder", { isTypeSupported: () => true });
      // The second try, at the machine's own rate, fails as well.
      vi.stubGlobal(
        "AudioContext",
        class {
          createMediaStreamSource() {
            throw new Error("none");
          }
          close() {
            return Promise.resolve();
          }
        },
      );
      expect(await reason([type])).toBe("unsupported");
      expect(stop).toHaveBeenCalledOnce();
    },
  );
});
