/** How much waits for the agent, on the browser's tab and on the installed application. */

const RED = "#d92d20";
const MOST = 9;

let drawn = 0;
let plain: Promise<string> | null = null;

/** The page's sign with a number in a circle, as an SVG that a data URL can hold. */
export function withCount(svg: string, count: number): string {
  const words = count > MOST ? `${MOST}+` : String(count);
  const size = words.length > 1 ? 13 : 16;
  const circle =
    `<circle cx="21" cy="21" r="11" fill="${RED}" stroke="#fff" stroke-width="1.5"/>` +
    `<text x="21" y="${21 + size * 0.36}" font-family="Arial,sans-serif" font-size="${size}" ` +
    `font-weight="700" text-anchor="middle" fill="#fff">${words}</text>`;
  return svg.replace(/<\/svg>\s*$/, `${circle}</svg>`);
}

async function drawIcon(count: number): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>("link[rel~=icon][type='image/svg+xml']");
  if (!link) return;
  link.dataset.plain ??= link.getAttribute("href") ?? "";
  const { plain: address } = link.dataset;
  if (count === 0) {
    link.href = address ?? "";
    return;
  }
  plain ??= fetch(address ?? "").then((answer) => answer.text());
  const svg = withCount(await plain, count);
  // Another count may have come while the sign was fetched.
  if (drawn === count) link.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** Shows the count; zero: as it was. */
export function showCount(count: number): void {
  if (count === drawn) return;
  drawn = count;
  drawIcon(count).catch(() => {
    plain = null;
  });
  const badge = count === 0 ? navigator.clearAppBadge?.() : navigator.setAppBadge?.(count);
  badge?.catch(() => {});
}

/** Nobody is waited for any more: neither here nor in the page's title. */
export function forgetCount(): void {
  showCount(0);
  document.title = document.title.replace(/^\(\d+\) /, "");
}
