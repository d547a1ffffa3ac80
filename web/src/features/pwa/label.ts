/** What a device is called in the list of the agent's devices: «Chrome no Android». */

export interface Browser {
  userAgent: string;
  maxTouchPoints: number;
  userAgentData?: { brands: readonly { brand: string }[]; platform: string };
}

export interface Naming {
  /** Null: not recognised. */
  browser: string | null;
  system: string | null;
}

const BRANDS: [RegExp, string][] = [
  [/Edge|Edg(A|iOS)?\//, "Edge"],
  [/Opera|OPR\//, "Opera"],
  [/SamsungBrowser|Samsung Internet/, "Samsung Internet"],
  [/Brave/, "Brave"],
  [/Firefox|FxiOS/, "Firefox"],
  [/Google Chrome|Chrome\/|CriOS/, "Chrome"],
  [/Chromium/, "Chromium"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS|Chrome OS|Chromium OS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Macintosh|macOS/, "Mac"],
  [/Linux/, "Linux"],
];

const firstOf = (known: [RegExp, string][], text: string) =>
  known.find(([sign]) => sign.test(text))?.[1] ?? null;

/** iPads say that they are Macs; no Mac is touched with more than one finger. */
export function isIos({ userAgent, maxTouchPoints }: Browser): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || isIpad({ userAgent, maxTouchPoints });
}

function isIpad({ userAgent, maxTouchPoints }: Browser): boolean {
  return /Macintosh/.test(userAgent) && maxTouchPoints > 1;
}

export function namingOf(browser: Browser): Naming {
  const { userAgent, userAgentData } = browser;
  const brands = userAgentData?.brands.map(({ brand }) => brand).join(" ") ?? "";
  return {
    browser: firstOf(BRANDS, brands) ?? firstOf(BRANDS, userAgent),
    system: isIpad(browser)
      ? "iPad"
      : (firstOf(SYSTEMS, userAgentData?.platform ?? "") ?? firstOf(SYSTEMS, userAgent)),
  };
}
