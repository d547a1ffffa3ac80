// What a bubble holds: texts, files, cards, places, links, stories.

import { element, icon } from "./dom.js";
import { texts } from "./texts.js";

const price = (value, currency) => {
  const number = Number(value);
  if (value === undefined || value === null || Number.isNaN(number)) return "";
  try {
    return new Intl.NumberFormat("pt-BR", { style: "currency", currency }).format(number);
  } catch {
    return `${value} ${currency ?? ""}`.trim();
  }
};

/** The parts of the bubble, from the top. */
export function drawn(shown) {
  if (shown.kind === "deleted") return [words("words gone", texts.deleted)];
  const parts = [
    shown.referral ? referral(shown.referral) : null,
    shown.story ? story(shown.story) : null,
    shown.heading ? words("heading", shown.heading) : null,
    files(shown.files),
    shown.location ? place(shown.location) : null,
    ...(shown.cards ?? []).map(card),
    shown.order ? order(shown.order) : null,
    shown.link ? link(shown.link) : null,
    shown.unsupported ? words("words gone", texts.unsupported(shown.unsupported)) : null,
    shown.text ? words(shown.large ? "words large" : "words", shown.text) : null,
    shown.choice?.description ? words("small", shown.choice.description) : null,
    shown.footer ? words("small", shown.footer) : null,
  ].filter(Boolean);
  return parts.length ? parts : [words("words gone", texts.kinds[shown.kind] ?? texts.unknown)];
}

function words(className, text) {
  return element("div", { className, dir: "auto" }, String(text));
}

/** Only http, https and our own files are ever linked to. */
function safe(address) {
  return /^(https?:\/\/|\/media\/)/.test(address ?? "") ? address : undefined;
}

/** Whether this page may show it: its security policy takes nothing from elsewhere. */
function ours(address) {
  return address?.startsWith("/media/") || address?.startsWith(`${location.origin}/`);
}

function files(all) {
  if (!all?.length) return null;
  const pictures = all.filter((one) => one.kind === "image");
  const drawnFiles = all.map(file);
  return element("div", { className: pictures.length > 1 ? "files many" : "files" }, ...drawnFiles);
}

function file({ kind, url, name, size, voice, animated }) {
  const address = safe(url);
  const label = name || texts.kinds[kind] || kind;
  const dataset = { testid: "phone-file-shown", kind };
  if (!address) return words("file", label);
  if ((kind === "image" || kind === "sticker") && ours(address)) {
    return element("a", { href: address, target: "_blank", rel: "noreferrer noopener",
      className: `picture ${kind}`, dataset },
    element("img", { src: address, alt: animated ? texts.animated : label, loading: "lazy" }));
  }
  if (kind === "video" && ours(address)) {
    return element("video", { src: address, controls: true, preload: "metadata", dataset,
      "aria-label": label });
  }
  if (kind === "audio" && ours(address)) {
    return element("div", { className: `sound ${voice ? "voice" : ""}`, dataset },
      element("span", {}, icon(voice ? "mic" : "note"), voice ? texts.voice : label),
      element("audio", { src: address, controls: true, preload: "metadata", "aria-label": label }));
  }
  const detail = size ? `${Math.max(1, Math.round(size / 1024))} KB` : "";
  return element("a", { href: address, target: "_blank", rel: "noreferrer noopener",
    className: "file", download: ours(address) ? label : undefined, dataset },
  icon("page"), element("span", { dir: "auto" }, label), element("small", {}, detail));
}

function place({ latitude, longitude, name, address }) {
  const [north, east] = [Number(latitude), Number(longitude)];
  const map = `https://www.openstreetmap.org/?mlat=${north}&mlon=${east}#map=16/${north}/${east}`;
  return element("a", { className: "card place", href: map, target: "_blank",
    rel: "noreferrer noopener", dataset: { testid: "phone-location" } },
  element("span", { className: "map" }, icon("pin")),
  element("strong", { dir: "auto" }, name || texts.kinds.location),
  address ? element("span", { dir: "auto" }, address) : null,
  element("small", {}, `${north.toFixed(5)}, ${east.toFixed(5)}`));
}

function card({ name, phones, emails, company }) {
  return element("div", { className: "card person", dataset: { testid: "phone-card" } },
    element("span", { className: "face", "aria-hidden": "true" }, (name || "?").slice(0, 1)),
    element("div", {}, element("strong", { dir: "auto" }, name || texts.kinds.contacts),
      ...[company, ...(phones ?? []), ...(emails ?? [])].filter(Boolean)
        .map((line) => element("span", { dir: "auto" }, line))));
}

function order(lines) {
  return element("div", { className: "card", dataset: { testid: "phone-order" } },
    element("strong", {}, texts.kinds.order),
    ...lines.map((one) => element("span", { dir: "auto" },
      `${one.quantity ?? 1} × ${one.product_retailer_id} ${price(one.item_price, one.currency)}`)));
}

function link({ url, title }) {
  const address = safe(url);
  const parts = [icon("link"), element("span", { dir: "auto" }, title || url)];
  const dataset = { testid: "phone-link" };
  return address
    ? element("a", { className: "file", href: address, target: "_blank", dataset,
        rel: "noreferrer noopener" }, ...parts)
    : element("div", { className: "file", dataset }, ...parts);
}

function story({ what, url }) {
  const address = safe(url);
  const label = what === "mention" ? texts.storyMention : texts.storyReply;
  return element("div", { className: "story", dataset: { testid: "phone-story" } },
    element("span", {}, label),
    address && ours(address) ? element("img", { src: address, alt: label, loading: "lazy" }) : null);
}

function referral(given) {
  const title = given.headline ?? given.ads_context_data?.ad_title ?? given.ref ?? texts.referral;
  return element("div", { className: "card", dataset: { testid: "phone-referral" } },
    element("small", {}, texts.referral), element("strong", { dir: "auto" }, title),
    given.body ? element("span", { dir: "auto" }, given.body) : null);
}
