// @vitest-environment jsdom
/** A sound in its balloon: played, gone through, faster, and what is said when it cannot be (INB-5). */

import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { addSentences } from "~/i18n";
import { messages } from "~/i18n/messages";
import { doors } from "~/lib/api/doors";
import type { MessageFile } from "~/lib/api/types";
import { aMessage } from "../../live/builders";
import { Player } from "./Player";
import { peaksOf } from "./waveform";

/** What a browser plays. */
class Sound {
  static all: Sound[] = [];
  preload = "";
  src = "";
  duration = Number.NaN;
  currentTime = 0;
  playbackRate = 1;
  ontimeupdate = () => {};
  onloadedmetadata = () => {};
  ondurationchange = () => {};
  onplay = () => {};
  onpause = () => {};
  onended = () => {};
  onerror = () => {};
  constructor() {
    Sound.all.push(this);
  }
  play() {
    this.onplay();
    return Promise.resolve();
  }
  pause() {
    this.onpause();
  }
  /** Its first bytes came. */
  begins(seconds: number) {
    this.duration = seconds;
    this.onloadedmetadata();
  }
}

const VOICE: MessageFile = {
  kind: "audio",
  state: "ready",
  reason: null,
  name: null,
  mime_type: "audio/ogg",
  size: 1_000,
  voice: true,
  width: null,
  height: null,
};

beforeAll(() => {
  addSentences("messages", messages);
  vi.stubGlobal("Audio", Sound);
});
beforeEach(() => {
  Sound.all = [];
  vi.spyOn(doors, "files").mockImplementation(async (_chat, keys) => ({
    files: keys.map((key) => ({ key, index: 0, url: `/${key}`, thumbnail: null, download: "/d" })),
    expires_at: "2099-01-01T00:00:00.000Z",
  }));
});
afterEach(cleanup);

let number = 0;

/** A player whose address is known, each of another message. */
async function players(count = 1, file: Partial<MessageFile> = {}) {
  const whole = { ...VOICE, ...file };
  render(
    Array.from({ length: count }, () => {
      number += 1;
      const message = aMessage(String(number), { kind: "audio", files: [whole] });
      return <Player key={number} message={message} chatId="a" index={0} file={whole} />;
    }),
  );
  const plays = screen.getAllByTestId("play") as HTMLButtonElement[];
  await vi.waitFor(() => expect(plays.every(({ disabled }) => !disabled)).toBe(true));
  return plays;
}

const seek = () => screen.getByTestId("seek") as HTMLInputElement;
const sound = (at = 0) => Sound.all[at] as Sound;

it("plays and stops, and says where it is", async () => {
  const [play] = await players();
  fireEvent.click(play as HTMLElement);
  act(() => sound().begins(67));
  expect(play?.getAttribute("aria-label")).toBe("Pausar");
  act(() => {
    sound().currentTime = 7;
    sound().ontimeupdate();
  });
  expect(seek().getAttribute("aria-valuetext")).toBe("0:07 de 1:07");
  fireEvent.click(play as HTMLElement);
  expect(screen.getByTestId("player").dataset.playing).toBe("false");
});

it("goes by arrows through a long sound in steps that are heard, not in tenths", async () => {
  const [play] = await players();
  fireEvent.click(play as HTMLElement);
  act(() => sound().begins(200));
  for (const key of ["ArrowRight", "ArrowUp", "ArrowLeft"]) fireEvent.keyDown(seek(), { key });
  expect(sound().currentTime).toBe(5);
  for (const _ of [1, 2]) fireEvent.keyDown(seek(), { key: "ArrowDown" });
  expect(sound().currentTime).toBe(0);
  fireEvent.change(seek(), { target: { value: "120" } });
  expect(sound().currentTime).toBe(120);
});

it("plays one at a time, all at the same speed", async () => {
  const [first, second] = await players(2);
  fireEvent.click(first as HTMLElement);
  fireEvent.click(screen.getAllByTestId("speed")[0] as HTMLElement);
  fireEvent.click(second as HTMLElement);
  expect(screen.getAllByTestId("player").map(({ dataset }) => dataset.playing)).toEqual([
    "false",
    "true",
  ]);
  expect(Sound.all.map(({ playbackRate }) => playbackRate)).toEqual([1.5, 1.5]);
  for (const _ of [1, 2]) fireEvent.click(screen.getAllByTestId("speed")[1] as HTMLElement);
  expect(screen.getAllByTestId("speed").map(({ textContent }) => textContent)).toEqual([
    "1×",
    "1×",
  ]);
});

it.each([
  ["ready", "Não foi possível reproduzir. Baixe o arquivo para ouvi-lo.", 1],
  ["linked", "Não está mais disponível.", 0],
] as const)("of a %s file that cannot be played it says so", async (state, words, downloads) => {
  const [play] = await players(1, { state });
  fireEvent.click(play as HTMLElement);
  act(() => sound().onerror());
  expect(screen.getByRole("alert").textContent).toBe(words);
  expect(screen.queryAllByRole("link", { name: "Baixar" })).toHaveLength(downloads);
});

it("draws the loudest moments, the loudest of all in full height", () => {
  const samples = new Float32Array(44 * 800);
  samples.fill(0.25, 0, 800);
  samples.fill(-0.5, 800, 1600);
  expect(peaksOf(samples).slice(0, 3)).toEqual([0.5, 1, 0]);
});
