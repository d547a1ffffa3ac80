// @vitest-environment jsdom
/** A video that broke, or began, before it stood on the page: React hears nothing of that (INB-6). */

import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { addSentences } from "~/i18n";
import { messages } from "~/i18n/messages";
import { doors } from "~/lib/api/doors";
import type { MessageFile } from "~/lib/api/types";
import { aMessage } from "../../live/builders";
import { Video } from "./Video";

const FILE: MessageFile = {
  kind: "video",
  state: "linked",
  reason: null,
  name: null,
  mime_type: "video/mp4",
  size: null,
  voice: false,
  width: null,
  height: null,
};

const undo: (() => void)[] = [];

function already(name: "error" | "readyState" | "videoWidth" | "videoHeight", value: unknown) {
  Object.defineProperty(HTMLVideoElement.prototype, name, { configurable: true, get: () => value });
  undo.push(() => Reflect.deleteProperty(HTMLVideoElement.prototype, name));
}

function shown(key: string) {
  const message = aMessage(key, { kind: "video", files: [FILE] });
  render(<Video message={message} chatId="a" index={0} file={FILE} />);
}

beforeAll(() => {
  addSentences("messages", messages);
});
beforeEach(() => {
  vi.spyOn(doors, "files").mockImplementation(async (_chat, keys) => ({
    files: keys.map((key) => ({ key, index: 0, url: `/${key}`, thumbnail: null, download: "/d" })),
    expires_at: "2099-01-01T00:00:00.000Z",
  }));
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  for (const back of undo.splice(0)) back();
});

it("says that it is gone once a second address led nowhere too", async () => {
  already("error", { code: 4 });
  shown("1");
  expect((await screen.findByTestId("file-gone")).textContent).toBe("Não está mais disponível.");
  expect(doors.files).toHaveBeenCalledTimes(2);
});

it("takes the shape that the browser knows already", async () => {
  already("readyState", 1);
  already("videoWidth", 1_280);
  already("videoHeight", 720);
  shown("2");
  const video = await screen.findByTestId("video");
  expect(Number.parseFloat(video.style.width)).toBeGreaterThan(
    Number.parseFloat(video.style.height),
  );
});
