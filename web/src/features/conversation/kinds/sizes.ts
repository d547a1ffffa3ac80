/** How much room a message's files take before they are there, so that nothing moves when they come. */

import type { Message, MessageFile } from "~/lib/api/types";

export const PICTURE_WIDTH = 320;
const TALLEST = 360;
const SMALLEST = 96;
const UNKNOWN = 240;
/** Of a video: its controls need room. */
const NARROWEST = 200;
export const STICKER = 160;
export const ALBUM_TILE = 158;
export const ALBUM_TILES = 4;

/** The size at which a picture or video is shown, in pixels; of unknown ones what is kept free. */
export function shownSize(file: MessageFile): { width: number; height: number } {
  const { width, height } = file;
  if (file.kind === "sticker") return { width: STICKER, height: STICKER };
  if (!width || !height) {
    return { width: file.kind === "video" ? PICTURE_WIDTH : UNKNOWN, height: UNKNOWN };
  }
  const scale = Math.min(1, PICTURE_WIDTH / width, TALLEST / height);
  return {
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(SMALLEST, Math.round(height * scale)),
  };
}

/** The width of a video whose size its own first bytes told: the height that was kept free stays. */
export function videoWidth(width: number, height: number): number {
  const full = Math.round((UNKNOWN * width) / height);
  return Math.min(PICTURE_WIDTH, Math.max(NARROWEST, full));
}

/** Whether a message's pictures are shown as an album. */
export function isAlbum(files: MessageFile[]): boolean {
  return files.length > 1 && files.every((file) => file.kind === "image");
}

/** A file that has no place of its own yet: being fetched, failed, expired. */
function isPlate(file: MessageFile): boolean {
  return file.state === "failed" || file.state === "expired";
}

/** The height of everything in a balloon that is neither text nor frame. */
export function heightOfKinds(message: Message): number {
  const { files, details } = message;
  let height = 0;
  if (isAlbum(files)) height += (ALBUM_TILE + 4) * Math.min(2, Math.ceil(files.length / 2));
  else {
    for (const file of files) {
      if (isPlate(file)) height += 58;
      else if (file.kind === "audio") height += 56;
      else if (file.kind === "document") height += 60;
      else height += shownSize(file).height + 4;
    }
  }
  if (!details) return height;
  if (details.location) height += 68;
  if (details.cards) height += 60 * details.cards.length;
  if (details.order) height += 44 + 22 * details.order.length;
  if (details.choice) height += 46;
  if (details.referral) height += 84;
  if (details.story) height += 44;
  if (details.link) height += 40;
  for (const { description } of details.menu?.options ?? []) height += description ? 54 : 33;
  if (details.template) height += 20 + 38 * details.template.buttons.length;
  return height;
}

/** Whether a message holds more than a text, so that the kinds are needed to show it. */
export function hasKinds({ files, details }: Message): boolean {
  return files.length > 0 || (details !== null && Object.keys(details).length > 0);
}

/** Whether what a message says is said by its details, so that its text would say it twice. */
export function saidByDetails({ details, kind }: Message): boolean {
  if (!details) return false;
  const { location, cards, choice, menu, order, template, referral } = details;
  return Boolean(
    location || cards || choice || menu || order || template || (referral && kind === "referral"),
  );
}
