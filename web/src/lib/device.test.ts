import { afterEach, expect, it, vi } from "vitest";
import { deviceKind } from "./device";

afterEach(() => vi.unstubAllGlobals());

/** A browser that shows the page in this mode; iPhones say it in their own way as well. */
function showing(mode: string, standalone?: boolean): void {
  const matchMedia = (query: string) => ({
    matches: query.split(",").some((one) => one.trim() === `(display-mode: ${mode})`),
  });
  vi.stubGlobal("window", { matchMedia });
  vi.stubGlobal("navigator", standalone === undefined ? {} : { standalone });
}

it.each([
  ["standalone", "pwa"],
  ["fullscreen", "pwa"],
  ["minimal-ui", "pwa"],
  ["browser", "browser"],
])("NOTIF-5: a page shown as %s runs in: %s", (mode, kind) => {
  showing(mode);
  expect(deviceKind()).toBe(kind);
});

it("NOTIF-5: an iPhone's home screen says it without a display mode", () => {
  showing("browser", true);
  expect(deviceKind()).toBe("pwa");
  showing("browser", false);
  expect(deviceKind()).toBe("browser");
});
