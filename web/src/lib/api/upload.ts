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

/** Posts the file; `progress` hears parts of 1. Throws Unreachable when it did not get there. */
export function sendFile(
  upload: Upload,
  file: Blob,
  progress: (part: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value);
    form.append("file", file);
    const asked = new XMLHttpRequest();
    asked.open("POST", upload.url);
    asked.timeout = 120_000;
    asked.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    };
    asked.onload = () =>
      asked.status >= 200 && asked.status < 300
        ? resolve()
        : reject(new Unreachable(`the upload was answered by ${asked.status}`));
    asked.onerror = asked.ontimeout = () => reject(new Unreachable("the upload failed"));
    asked.send(form);
  });
}
