/** What kind of window the page runs in: an installed application, or a browser's tab (NOTIF-5). */

import type { DeviceName } from "./api/types";

const INSTALLED =
  "(display-mode: standalone), (display-mode: fullscreen), (display-mode: minimal-ui)";

/** «pwa» where the page was installed and runs by itself. */
export function deviceKind(): DeviceName {
  const onHomeScreen = (navigator as { standalone?: boolean }).standalone === true;
  return onHomeScreen || window.matchMedia(INSTALLED).matches ? "pwa" : "browser";
}
