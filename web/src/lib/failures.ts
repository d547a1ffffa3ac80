/** From a provider's error code to the sentence that explains it (CHAT-5, docs of Meta's codes). */

const SAME: Record<string, string> = {
  "10": "3",
  "32": "17",
  "341": "17",
  "613": "17",
  "470": "131047",
  "471": "131048",
  "472": "130472",
  "147002": "147001",
  "147003": "147001",
  "147004": "147001",
  "147005": "147001",
};

// Messenger and Instagram: one code has several reasons (docs/meta.md §8).
const BY_SUBCODE: Record<number, string> = {
  2018278: "window",
  2534022: "window",
  2018300: "2018300",
  2534037: "2018300",
  1545041: "551",
  2018001: "551",
  2534014: "551",
  2018047: "131053",
  2018008: "131053",
  2018109: "131053",
  2018294: "131053",
  1893063: "368",
};

/** The name under which a code is explained: its own, its family's, or "other". */
export function explanationOf(
  code: number,
  explained: (name: string) => boolean,
  subcode?: number,
): string {
  const reason = subcode === undefined ? undefined : BY_SUBCODE[subcode];
  if (reason !== undefined) return reason;
  const own = String(code);
  const same = SAME[own];
  if (same !== undefined) return same;
  if (explained(own)) return own;
  if (code >= 200 && code <= 299) return "3";
  if (code >= 2_388_000 && code <= 2_388_999) return "2388";
  if (code >= 1000 && code <= 1999) return "legacy";
  return "other";
}

export const META_ERRORS_URL =
  "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes";
