/** Which files a channel takes, asked before anything is uploaded; the limits are the server's. */

import type { ChannelRules, FileRule } from "./api/types";

const MEGABYTE = 1024 * 1024;
/** What an internal message may hold, as POST /uploads says. */
export const LARGEST_INTERNAL = 100 * MEGABYTE;
export const LONGEST_NAME = 240;
const BYTES = "application/octet-stream";
const TYPE = /^[a-z]+\/[a-z0-9.+-]{1,100}$/;

/** Types that browsers give other names, or none at all. */
const ALSO_CALLED: Record<string, string> = {
  "image/jpg": "image/jpeg",
  "image/pjpeg": "image/jpeg",
  "audio/mp3": "audio/mpeg",
  "audio/m4a": "audio/mp4",
  "audio/x-m4a": "audio/mp4",
  "audio/opus": "audio/ogg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/vnd.dlna.adts": "audio/aac",
  "video/3gp": "video/3gpp",
};
const BY_ENDING: Record<string, string> = {
  heic: "image/heic",
  heif: "image/heif",
  amr: "audio/amr",
  opus: "audio/ogg",
  "3gp": "video/3gpp",
  m4a: "audio/mp4",
};

/** A file's type as doors take it: plain, and with a name in any case. */
export function typeOf(file: { type: string; name: string }): string {
  const plain = (file.type.split(";")[0] ?? "").trim().toLowerCase();
  const ending = /\.([0-9a-z]{1,8})$/i.exec(file.name)?.[1]?.toLowerCase() ?? "";
  const told = ALSO_CALLED[plain] ?? plain;
  return TYPE.test(told) ? told : (BY_ENDING[ending] ?? BYTES);
}

/** A file's name as doors take it, its ending kept. */
export function nameOfFile(file: { name: string }): string {
  const name = file.name.trim() || "arquivo";
  if (name.length <= LONGEST_NAME) return name;
  const ending = /\.[0-9a-z]{1,8}$/i.exec(name)?.[0] ?? "";
  return name.slice(0, LONGEST_NAME - ending.length) + ending;
}

/** As what the channel takes a type; null: not at all. */
export function ruleFor(rules: ChannelRules, type: string): FileRule | null {
  return rules.files.find((rule) => rule.types.length === 0 || rule.types.includes(type)) ?? null;
}

export type FileProblem =
  | { problem: "empty" }
  | { problem: "type"; types: string[] }
  | { problem: "too_large"; limit: number; kind: FileRule["kind"] };

/** Why a file cannot go out by these rules; null when it can. `rules` null: internally. */
export function problemOf(
  rules: ChannelRules | null,
  file: { size: number; type: string; name: string },
): FileProblem | null {
  if (file.size === 0) return { problem: "empty" };
  if (rules === null) {
    return file.size > LARGEST_INTERNAL
      ? { problem: "too_large", limit: LARGEST_INTERNAL, kind: "document" }
      : null;
  }
  const rule = ruleFor(rules, typeOf(file));
  if (!rule) return { problem: "type", types: rules.files.flatMap(({ types }) => types) };
  return file.size > rule.limit
    ? { problem: "too_large", limit: rule.limit, kind: rule.kind }
    : null;
}

/** As what a file is shown in the page. */
export function kindOf(rules: ChannelRules | null, type: string): FileRule["kind"] {
  const rule = rules && ruleFor(rules, type);
  if (rule) return rule.kind;
  const family = /^(image|audio|video)\//.exec(type)?.[1];
  return family && !type.includes("svg") ? (family as FileRule["kind"]) : "document";
}

/** What a file chooser should offer for one kind; empty: anything. */
export function accepted(rules: ChannelRules | null, kind: FileRule["kind"]): string {
  // Pictures of other types are turned into one that the channel takes.
  if (kind === "image") return "image/*";
  const types = rules?.files.find((rule) => rule.kind === kind)?.types;
  if (types === undefined) return kind === "document" ? "" : `${kind}/*`;
  return types.join(",");
}

/** «image/jpeg» as people call it: «JPEG». */
export function typeWords(types: string[]): string {
  const words = types.map((type) =>
    (type.split("/")[1] ?? type)
      .replace("quicktime", "mov")
      .replace("mpeg", type.startsWith("audio") ? "mp3" : "mpeg")
      .replace("mp4", type.startsWith("audio") ? "m4a" : "mp4")
      .replace("3gpp", "3gp")
      .toUpperCase(),
  );
  return [...new Set(words)].join(", ");
}

/** «4,2 MB» */
export function sizeWords(bytes: number): string {
  const [amount, unit] =
    bytes >= MEGABYTE ? [bytes / MEGABYTE, "MB"] : [Math.max(1, bytes / 1024), "KB"];
  const digits = unit === "MB" && amount < 100 ? 1 : 0;
  return `${amount.toLocaleString("pt-BR", { maximumFractionDigits: digits })} ${unit}`;
}
