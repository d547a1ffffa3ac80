/** What a picture becomes before it goes out; the canvas itself is tried in the browser's tests. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelRules } from "./api/types";
import { fitImage, needsFitting, staysPicture } from "./images";

const LIMIT = 1_000_000;
const RULES = {
  files: [
    { kind: "image", types: ["image/jpeg", "image/png"], limit: LIMIT },
    { kind: "document", types: [], limit: 100 * LIMIT },
  ],
} as unknown as ChannelRules;

const file = (name: string, type: string, size = 10): File =>
  new File([new Uint8Array(size)], name, { type });

describe("needsFitting", () => {
  it.each([
    ["a.jpg", "image/jpeg", LIMIT, false],
    ["a.jpg", "image/jpeg", LIMIT + 1, true],
    ["a.webp", "image/webp", 10, true],
    ["a.heic", "", 10, true],
    ["a.svg", "image/svg+xml", LIMIT + 1, false],
    ["a.pdf", "application/pdf", LIMIT + 1, false],
  ])("%s of type %s with %d bytes: %s", (name, type, size, expected) => {
    expect(needsFitting(RULES, file(name, type, size))).toBe(expected);
  });

  it("asks nothing of a channel without pictures", () => {
    expect(needsFitting({ ...RULES, files: [] }, file("a.webp", "image/webp"))).toBe(false);
  });
});

it("what the channel does not take as a picture goes as a document", () => {
  expect(staysPicture(RULES, file("a.png", "image/png"))).toBe(true);
  expect(staysPicture(RULES, file("a.svg", "image/svg+xml"))).toBe(false);
});

describe("fitImage", () => {
  const close = vi.fn();
  let alpha: number;
  let bytesPerPixel: number;
  let made: { width: number; height: number; type: string }[];

  beforeEach(() => {
    alpha = 255;
    bytesPerPixel = 0.1;
    made = [];
    const canvas = () => ({
      width: 0,
      height: 0,
      getContext: () => ({
        drawImage: () => {},
        fillRect: () => {},
        getImageData: () => ({ data: [0, 0, 0, alpha] }),
      }),
      toBlob(done: (blob: Blob) => void, type: string, quality = 1) {
        const { width, height } = this;
        made.push({ width, height, type });
        const size = Math.min(LIMIT + 1, Math.round(width * height * bytesPerPixel * quality));
        done(new Blob([new Uint8Array(size)], { type }));
      },
    });
    vi.stubGlobal("document", { createElement: canvas });
    vi.stubGlobal(
      "createImageBitmap",
      vi.fn(async () => ({ width: 10_000, height: 1_000, close })),
    );
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.clearAllMocks();
  });

  it("leaves alone what fits, without reading it", async () => {
    const given = file("a.jpg", "image/jpeg");
    expect(await fitImage(RULES, given)).toBe(given);
    expect(createImageBitmap).not.toHaveBeenCalled();
  });

  it("stands the picture upright, and makes it no wider than 4096", async () => {
    const fitted = await fitImage(RULES, file("larga.webp", "image/webp"));
    expect([fitted.name, fitted.type]).toEqual(["larga.jpg", "image/jpeg"]);
    expect(made).toEqual([{ width: 4096, height: 410, type: "image/jpeg" }]);
    expect(createImageBitmap).toHaveBeenCalledWith(expect.any(File), {
      imageOrientation: "from-image",
    });
    expect(close).toHaveBeenCalledOnce();
  });

  it("lowers the quality first, then the size, until it is within the limit", async () => {
    bytesPerPixel = 1;
    const fitted = await fitImage(RULES, file("a.jpg", "image/jpeg", LIMIT + 1));
    expect(fitted.size).toBeLessThanOrEqual(LIMIT);
    expect(made.map(({ width }) => width)).toEqual([4096, 4096, 4096, 3072]);
  });

  it("keeps what is see-through as PNG", async () => {
    alpha = 0;
    const fitted = await fitImage(RULES, file("logo.webp", "image/webp"));
    expect([fitted.name, fitted.type]).toEqual(["logo.png", "image/png"]);
  });

  it("is the file itself where the browser cannot read it or nothing is small enough", async () => {
    const given = file("a.heic", "image/heic");
    vi.mocked(createImageBitmap).mockRejectedValueOnce(new Error("no codec"));
    expect(await fitImage(RULES, given)).toBe(given);
    bytesPerPixel = 1_000;
    expect(await fitImage(RULES, given)).toBe(given);
    expect(close).toHaveBeenCalledOnce();
  });
});
