/** Which files a channel takes, said before anything is uploaded. */

import { describe, expect, it } from "vitest";
import type { ChannelRules } from "./api/types";
import {
  accepted,
  kindOf,
  LARGEST_INTERNAL,
  LONGEST_NAME,
  nameOfFile,
  problemOf,
  sizeWords,
  typeOf,
  typeWords,
} from "./files";

const MEGABYTE = 1024 * 1024;
const RULES = {
  files: [
    { kind: "image", types: ["image/jpeg", "image/png"], limit: 5 * MEGABYTE },
    { kind: "audio", types: ["audio/mpeg", "audio/mp4"], limit: 16 * MEGABYTE },
    { kind: "document", types: ["application/pdf"], limit: 100 * MEGABYTE },
  ],
} as unknown as ChannelRules;

const file = (name: string, type: string, size = 1) => ({ name, type, size });

it.each([
  ["foto.jpg", "image/jpg", "image/jpeg"],
  ["nota.opus", "", "audio/ogg"],
  ["som.m4a", "audio/x-m4a", "audio/mp4"],
  ["voz.ogg", "audio/ogg; codecs=opus", "audio/ogg"],
  ["foto.HEIC", "", "image/heic"],
  ["nada", "não é um tipo", "application/octet-stream"],
])("%s of %s is of the type %s", (name, type, told) => {
  expect(typeOf({ name, type })).toBe(told);
});

describe("a name", () => {
  it("keeps its ending, however long it is", () => {
    const name = nameOfFile({ name: `${"á".repeat(500)}.pdf` });
    expect(name).toHaveLength(LONGEST_NAME);
    expect(name.endsWith("á.pdf")).toBe(true);
  });
  it("is made up where there is none", () => {
    expect(nameOfFile({ name: "  " })).toBe("arquivo");
  });
});

it.each([
  [file("a.jpg", "image/jpeg", 5 * MEGABYTE), null],
  [file("a.jpg", "image/jpeg", 5 * MEGABYTE + 1), "too_large"],
  [file("a.jpg", "image/jpeg", 0), "empty"],
  [file("a.svg", "image/svg+xml"), "type"],
])("SEND-5: %o goes out, or why not: %s", (one, problem) => {
  expect(problemOf(RULES, one)?.problem ?? null).toBe(problem);
});

it("SEND-7: internally anything goes, up to the limit", () => {
  expect(problemOf(null, file("a.svg", "image/svg+xml", LARGEST_INTERNAL))).toBeNull();
  expect(problemOf(null, file("a", "", LARGEST_INTERNAL + 1))?.problem).toBe("too_large");
});

it("shows a file as what the channel takes it, and never a drawing that could run as a picture", () => {
  expect(kindOf(RULES, "application/pdf")).toBe("document");
  expect(kindOf(null, "video/mp4")).toBe("video");
  expect(kindOf(null, "image/svg+xml")).toBe("document");
});

it("offers what the channel takes; of pictures all, since they are turned into what it takes", () => {
  expect(accepted(RULES, "image")).toBe("image/*");
  expect(accepted(RULES, "audio")).toBe("audio/mpeg,audio/mp4");
  expect(accepted(RULES, "video")).toBe("video/*");
  expect(accepted(null, "document")).toBe("");
});

it("says types and sizes as people do", () => {
  expect(typeWords(["image/jpeg", "audio/mpeg", "audio/mp4", "video/quicktime"])).toBe(
    "JPEG, MP3, M4A, MOV",
  );
  expect([900, 2048, 4.25 * MEGABYTE, 100 * MEGABYTE].map(sizeWords)).toEqual([
    "1 KB",
    "2 KB",
    "4,3 MB",
    "100 MB",
  ]);
});
