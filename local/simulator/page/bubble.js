// One message as a bubble, in either direction and on any channel: it draws what `shown` says.

import { drawn } from "./content.js";
import { element, icon } from "./dom.js";
import { texts } from "./texts.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "🙏"];
const clock = new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", minute: "2-digit" });

/** The short text that stands for a message in quotes. */
export function summary({ shown }) {
  if (shown.kind === "deleted") return texts.deleted;
  const file = shown.files[0];
  const voice = file?.kind === "audio" && file.voice ? texts.voice : undefined;
  const candidates = [shown.text, shown.heading, shown.cards?.[0]?.name, shown.location?.name,
    shown.link?.title, voice, file?.kind === "document" ? file.name : undefined,
    texts.kinds[file?.kind ?? shown.kind]];
  return candidates.find((one) => typeof one === "string" && one) ?? texts.unknown;
}

/**
 * The bubble. `quoted` is the message that it answers; `reactions` are emojis by who gave them;
 * `act` hears what the person does: {answer}, {react}, {replyTo}, {edit}, {unsend}.
 */
export function bubble(message, { quoted, reactions, act }) {
  const own = !message.from_business;
  const side = own ? "own" : "theirs";
  const { shown } = message;
  if (shown.system) {
    return element("div", { className: "day", dataset: { testid: "phone-system" }, dir: "auto" },
      shown.system);
  }
  const shape = element("div", {
    className: `bubble ${side} ${bare(shown) ? "bare" : ""}`,
    dataset: { testid: "phone-message", status: message.status, id: message.id,
      type: message.type, kind: shown.kind },
  });
  if (shown.forwarded) shape.append(element("div", { className: "mark" }, texts.forwarded));
  if (shown.quotes) shape.append(quote(quoted));
  shape.append(...drawn(shown), footer(message, own));
  const given = Object.values(reactions).filter(Boolean);
  if (given.length) {
    shape.append(element("div", { className: "reactions", dataset: { testid: "phone-reaction" } },
      given.join(" ")));
  }
  const line = element("div", { className: `line ${side}` }, shape);
  if (shown.buttons.length && !own) line.append(choices(shown, act));
  if (shown.kind !== "deleted") line.append(menu(message, reactions.contact, own, act));
  return line;
}

function bare({ kind, files, text, large }) {
  return large || (kind === "sticker" && files.length > 0 && !text);
}

function quote(quoted) {
  const who = quoted?.from_business ? texts.business : texts.you;
  return element("div", { className: "quote", dir: "auto", dataset: { testid: "phone-quote" } },
    quoted ? element("strong", {}, who) : null,
    element("span", {}, quoted ? summary(quoted) : texts.unknownQuote));
}

function footer(message, own) {
  const time = element("time", { datetime: message.at }, clock.format(new Date(message.at)));
  const line = element("div", { className: "meta" });
  if (message.edited !== null && !message.deleted) {
    line.append(element("span", { dataset: { testid: "phone-edited" } }, texts.edited));
  }
  line.append(time);
  if (own) {
    const tick = icon(message.status === "sent" ? "tick" : "ticks", texts.tick[message.status]);
    tick.classList.add(message.status);
    line.append(tick);
  }
  return line;
}

/** What may be tapped; the rows of a list are behind the button that opens it. */
function choices({ buttons: offered, opener }, act) {
  const rows = buttons(offered, act);
  if (!opener) return rows;
  return element("details", { className: "list" },
    element("summary", { className: "choice", dataset: { testid: "phone-list" } }, opener), rows);
}

function buttons(offered, act) {
  return element("div", { className: "choices" }, ...offered.map((choice) => {
    const dataset = { testid: "phone-choice" };
    if (/^https?:\/\//.test(choice.href ?? "")) {
      return element("a", { className: "choice", href: choice.href, target: "_blank",
        rel: "noreferrer noopener", dataset }, icon("link"), choice.title);
    }
    if (choice.code) {
      const copied = element("button", { type: "button", className: "choice", dataset,
        onclick: () => {
          navigator.clipboard?.writeText(choice.code).catch(() => {});
          copied.textContent = `${texts.copied} ${choice.code}`;
        } }, `${choice.title} · ${choice.code}`);
      return copied;
    }
    return element("button", { type: "button", className: "choice", disabled: !choice.answer,
      dataset, onclick: () => act({ answer: choice.answer }) },
    choice.title, choice.description ? element("small", {}, choice.description) : null);
  }));
}

function menu(message, given, own, act) {
  const tool = (testid, label, sign, wish) => element("button", { type: "button",
    className: "reply", title: label, "aria-label": label, dataset: { testid },
    onclick: () => act(wish) }, sign);
  return element("div", { className: "menu" },
    ...EMOJIS.map((emoji) => element("button", { type: "button",
      className: emoji === given ? "given" : "", "aria-pressed": String(emoji === given),
      dataset: { testid: "phone-react", emoji },
      onclick: () => act({ react: message, emoji: emoji === given ? "" : emoji }) }, emoji)),
    tool("phone-reply", texts.reply, "↩", { replyTo: message }),
    own && message.shown.text ? tool("phone-edit", texts.edit, "✎", { edit: message }) : null,
    own ? tool("phone-unsend", texts.unsend, "🗑", { unsend: message }) : null);
}
