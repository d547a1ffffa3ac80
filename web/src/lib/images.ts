/** Pictures made to fit what a channel takes, in the browser: type, size, and the way up (SEND-5). */

import type { ChannelRules } from "./api/types";
import { ruleFor, typeOf } from "./files";

/** What a canvas may be made of; drawings (SVG) are documents, never pictures. */
const DRAWABLE = /^image\/(jpeg|png|webp|gif|bmp|avif|heic|heif|tiff)$/;
const LARGEST_SIDE = 4096;
const SMALLEST_SIDE = 320;
const QUALITIES = [0.9, 0.8, 0.65];
const SHRINK = 0.75;

/** True when the picture would have to become another one before the channel takes it. */
export function needsFitting(rules: Pick<ChannelRules, "files">, file: File): boolean {
  const type = typeOf(file);
  if (!DRAWABLE.test(type)) return false;
  const rule = rules.files.find(({ kind }) => kind === "image");
  return rule !== undefined && (!rule.types.includes(type) || file.size > rule.limit);
}

/**
 * The picture as the channel takes it, or the file itself when nothing has to be done or nothing
 * can be done: a type that this browser does not read goes out as a document, where it may.
 */
export async function fitImage(rules: Pick<ChannelRules, "files">, file: File): Promise<File> {
  if (!needsFitting(rules, file)) return file;
  const rule = rules.files.find(({ kind }) => kind === "image");
  if (!rule) return file;
  let picture: ImageBitmap;
  try {
    // The bitmap stands as its EXIF says; the new file needs no such note, and keeps no place in it.
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  try {
    const whole = Math.max(picture.width, picture.height);
    const clear = typeOf(file) !== "image/jpeg" && rule.types.includes("image/png");
    for (let side = Math.min(whole, LARGEST_SIDE); side >= SMALLEST_SIDE || side === whole; ) {
      const canvas = drawn(picture, side / whole);
      if (clear && isSeeThrough(canvas)) {
        const png = await blobOf(canvas, "image/png");
        if (png && png.size <= rule.limit) return named(png, file, "png");
      } else {
        for (const quality of QUALITIES) {
          const jpeg = await blobOf(onWhite(canvas), "image/jpeg", quality);
          if (jpeg && jpeg.size <= rule.limit) return named(jpeg, file, "jpg");
        }
      }
      side = Math.floor(side * SHRINK);
      if (side < SMALLEST_SIDE) break;
    }
    return file;
  } finally {
    picture.close();
  }
}

/** True when the picture goes out as one, not as a document. */
export function staysPicture(rules: ChannelRules, file: File): boolean {
  return ruleFor(rules, typeOf(file))?.kind === "image";
}

function drawn(picture: ImageBitmap, scale: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (context) {
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

/** Looks at a small copy: reading a large one back costs seconds. */
function isSeeThrough(canvas: HTMLCanvasElement): boolean {
  const small = document.createElement("canvas");
  small.width = Math.min(64, canvas.width);
  small.height = Math.min(64, canvas.height);
  const context = small.getContext("2d", { willReadFrequently: true });
  if (!context) return false;
  context.drawImage(canvas, 0, 0, small.width, small.height);
  const { data } = context.getImageData(0, 0, small.width, small.height);
  for (let alpha = 3; alpha < data.length; alpha += 4) if ((data[alpha] ?? 255) < 250) return true;
  return false;
}

/** JPEG has no see-through: it would turn black. */
function onWhite(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const context = canvas.getContext("2d");
  if (context) {
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

function blobOf(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

function named(blob: Blob, file: File, ending: string): File {
  const stem = file.name.replace(/\.[0-9a-z]{1,8}$/i, "") || "imagem";
  return new File([blob], `${stem}.${ending}`, { type: blob.type });
}
