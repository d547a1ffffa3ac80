/** A chosen picture made ready: square, no larger than it is shown, without what cameras note. */

const SIDE = 512;

/** Whether the browser can draw the file. */
export async function isPicture(file: Blob): Promise<boolean> {
  try {
    (await createImageBitmap(file)).close();
    return true;
  } catch {
    return false;
  }
}

/** The middle of the picture as a square of at most 512 pixels; the file itself if that fails. */
export async function squared(file: Blob): Promise<Blob> {
  const drawn = await createImageBitmap(file);
  try {
    const from = Math.min(drawn.width, drawn.height);
    const side = Math.min(from, SIDE);
    const canvas = document.createElement("canvas");
    canvas.width = side;
    canvas.height = side;
    const left = (drawn.width - from) / 2;
    const top = (drawn.height - from) / 2;
    canvas.getContext("2d")?.drawImage(drawn, left, top, from, from, 0, 0, side, side);
    const type = file.type === "image/jpeg" ? "image/jpeg" : "image/png";
    const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.9));
    return made ?? file;
  } finally {
    drawn.close();
  }
}
