/** The service worker's registration, and new versions of the page that wait to be taken. */

const HOUR = 3_600_000;
/** A page that comes and goes does not ask each time. */
const AT_MOST_EVERY_MS = 60_000;

export async function register(): Promise<ServiceWorkerRegistration | null> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return null;
  try {
    return await navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" });
  } catch {
    // Storage that is shut or full: the page does without.
    return null;
  }
}

/** Looks for new versions, hourly and when the page is seen again; answers how to stop. */
export function followUpdates(
  registration: ServiceWorkerRegistration,
  waits: (version: ServiceWorker) => void,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const offer = () => {
    // The very first one is no update.
    if (registration.waiting && navigator.serviceWorker.controller) waits(registration.waiting);
  };
  registration.addEventListener(
    "updatefound",
    () => registration.installing?.addEventListener("statechange", offer, { signal }),
    { signal },
  );
  let asked = Date.now();
  const ask = () => {
    if (Date.now() - asked < AT_MOST_EVERY_MS) return;
    asked = Date.now();
    registration.update().catch(() => {});
  };
  const seen = () => {
    if (document.visibilityState === "visible") ask();
  };
  document.addEventListener("visibilitychange", seen, { signal });
  const timer = setInterval(ask, HOUR);
  offer();
  return () => {
    stop.abort();
    clearInterval(timer);
  };
}

/** Takes a version that waits: the page is loaded anew with it. */
export function take(version: ServiceWorker): void {
  const reload = () => window.location.reload();
  // Another tab may have taken it already.
  if (version.state !== "installed") {
    reload();
    return;
  }
  navigator.serviceWorker.addEventListener("controllerchange", reload, { once: true });
  version.postMessage({ type: "SKIP_WAITING" });
}
