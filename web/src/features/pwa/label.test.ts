import { expect, it } from "vitest";
import { isIos, namingOf } from "./label";

const KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)";
const ANDROID = `Mozilla/5.0 (Linux; Android 10; K) ${KHTML}`;
const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

it.each([
  [`${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36`, 5, "Chrome", "Android"],
  [
    `${ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    5,
    "Samsung Internet",
    "Android",
  ],
  [`${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 EdgA/140.0`, 5, "Edge", "Android"],
  [`${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36 OPR/90.0`, 5, "Opera", "Android"],
  ["Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", 5, "Firefox", "Android"],
  [`${IPHONE} Version/18.5 Mobile/15E148 Safari/604.1`, 5, "Safari", "iPhone"],
  [`${IPHONE} CriOS/140.0 Mobile/15E148 Safari/604.1`, 5, "Chrome", "iPhone"],
  [`${IPHONE} Mobile/15E148`, 5, null, "iPhone"],
  [`${MAC} Version/18.5 Safari/605.1.15`, 5, "Safari", "iPad"],
  [`${MAC} Version/18.5 Safari/605.1.15`, 0, "Safari", "Mac"],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KHTML} Chrome/140.0.0.0 Safari/537.36 Edg/140.0`,
    0,
    "Edge",
    "Windows",
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${KHTML} Chrome/140.0.0.0 Safari/537.36`,
    0,
    "Chrome",
    "ChromeOS",
  ],
  [`Mozilla/5.0 (X11; Linux x86_64) ${KHTML} Chrome/140.0.0.0 Safari/537.36`, 0, "Chrome", "Linux"],
  ["curl/8", 0, null, null],
])("%s (%d): %s, %s", (userAgent, maxTouchPoints, browser, system) => {
  expect(namingOf({ userAgent, maxTouchPoints })).toEqual({ browser, system });
});

it("what the browser says of itself outright counts before what it pretends to be", () => {
  const brands = [{ brand: "Not;A=Brand" }, { brand: "Chromium" }, { brand: "Brave" }];
  expect(
    namingOf({
      userAgent: `${ANDROID} Chrome/140.0.0.0 Mobile Safari/537.36`,
      maxTouchPoints: 5,
      userAgentData: { brands, platform: "Android" },
    }),
  ).toEqual({ browser: "Brave", system: "Android" });
});

it("an iPad that says it is a Mac is told by its fingers", () => {
  expect(isIos({ userAgent: MAC, maxTouchPoints: 5 })).toBe(true);
  expect(isIos({ userAgent: MAC, maxTouchPoints: 0 })).toBe(false);
  expect(isIos({ userAgent: IPHONE, maxTouchPoints: 5 })).toBe(true);
  expect(isIos({ userAgent: ANDROID, maxTouchPoints: 5 })).toBe(false);
});
