/** The browser's offer to install the page: it comes early and once, so it is kept (eager, tiny). */

export interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
  userChoice: Promise<{ outcome: "accepted" | "dismissed" }>;
}

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function change(to: InstallOffer | null): void {
  offer = to;
  for (const told of listeners) told();
}

/** To be called where the page begins. */
export function keepInstallOffer(): void {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    change(event as InstallOffer);
  });
  window.addEventListener("appinstalled", () => change(null));
}

export const installOffer = () => offer;

export function onInstallOffer(told: () => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

/** Lets the browser ask; an offer is good for one question. */
export async function takeInstallOffer(): Promise<void> {
  const taken = offer;
  if (!taken) return;
  change(null);
  await taken.prompt();
}
