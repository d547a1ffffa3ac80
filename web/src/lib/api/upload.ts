/** A file on its way to where a door said it goes. */

import { Unreachable } from "./http";
import type { Upload } from "./types";

/** Types and size of pictures as doors take them (UploadPicture). */
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];
export const LARGEST_PICTURE = 5_000_000;

export function isPictureType(type: string): type is PictureType {
  return PICTURE_TYPES.some((one) => one === type);
}

/** The place did not take the file: the permission to put it there ended, or it is too large. */
export class UploadRefused extends Unreachable {
  constructor(readonly status: number) {
    super(`the upload was answered by ${status}`);
    this.name = "UploadRefused";
  }
}

/** Whoever uploaded changed their mind. */
export class UploadCancelled extends Error {
  constructor() {
    super("the upload was cancelled");
    this.name = "UploadCancelled";
  }
}

const STALLED_MS = 60_000;

/**
 * Posts the file; `progress` hears parts of 1, and `signal` breaks it off. Throws UploadCancelled,
 * UploadRefused, or Unreachable when it did not get there: also when nothing moved for a minute.
 */
export function sendFile(
  upload: Upload,
  file: Blob,
  progress: (part: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file);
    const asked = new XMLHttpRequest();
    let stalled: ReturnType<typeof setTimeout>;
    const cancel = () => {
      asked.abort();
      end(() => reject(new UploadCancelled()));
    };
    const lost = () => end(() => reject(new Unreachable("the upload failed")));
    const moved = () => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        asked.abort();
        lost();
      }, STALLED_MS);
    };
    const end = (how: () => void) => {
      clearTimeout(stalled);
      signal?.removeEventListener("abort", cancel);
      how();
    };
    if (signal?.aborted) {
      reject(new UploadCancelled());
      return;
    }
    signal?.addEventListener("abort", cancel);
    asked.open("POST", upload.url);
    asked.upload.onprogress = (event) => {
      moved();
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    asked.onload = () =>
      end(() => {
        if (asked.status >= 200 && asked.status < 300) resolve();
        else if (asked.status >= 400 && asked.status < 500) {
          reject(new UploadRefused(asked.status));
        } else reject(new Unreachable(`the upload was answered by ${asked.status}`));
      });
    asked.onerror = lost;
    moved();
    asked.send(form);
  });
}
