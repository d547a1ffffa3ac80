// One message as a bubble, in either direction.

import { element, icon } from "./dom.js";
import { texts } from "./texts.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "🙏"];
const MEDIA = ["image", "video", "audio", "document", "sticker"];
const clock = new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", minute: "2-digit" });

/** The short text that stands for a message in quotes. */
export function summary(message) {
  const content = message.message[message.type] ?? {};
  const answer = content.button_reply ?? content.list_reply;
  const candidates = [message.rendered?.body, answer?.title, content.body?.text, content.body,
    content.caption, content.text, content.filename, texts[message.type]];
  return candidates.find((one) => typeof one === "string" && one) ?? texts.unknown;
}

/** The bubble. `quoted` is the message that it answers; `reactions` are emojis; `act` sends. */
export function bubble(message, { quoted, reactions, act }) {
  const own = !message.from_business;
  const shape = element("div", {
    className: `bubble ${own ? "own" : "theirs"}`,
    dataset: { testid: "phone-message", status: message.status, id: message.id, type: message.type },
  });
  if (quoted) shape.append(quote(quoted));
  shape.append(...content(message, act));
  shape.append(footer(message, own));
  if (reactions.length) {
    shape.append(element("div", { className: "reactions", dataset: { testid: "phone-reaction" } },
      reactions.join(" ")));
  }
  const line = element("div", { className: `line ${own ? "own" : "theirs"}` }, shape);
  const replies = buttons(message, act);
  if (replies) line.append(replies);
  if (!own) line.append(menu(message, act));
  return line;
}

function quote(quoted) {
  return element("div", { className: "quote", dir: "auto" },
    element("strong", {}, quoted.from_business ? texts.business : texts.you),
    element("span", {}, summary(quoted)));
}

function footer(message, own) {
  const time = element("time", { datetime: message.at }, clock.format(new Date(message.at)));
  const line = element("div", { className: "meta" }, time);
  if (own) {
    const drawn = message.status === "sent" ? "tick" : "ticks";
    const tick = icon(drawn, texts.tick[message.status]);
    tick.classList.add(message.status);
    line.append(tick);
  }
  return line;
}

function content(message, act) {
  const given = message.message[message.type] ?? {};
  if (message.type === "template") return template(message.rendered ?? {}, act);
  if (message.type === "interactive") return interactive(given);
  if (MEDIA.includes(message.type)) return media(message.type, given);
  if (message.type === "contacts") {
    return (Array.isArray(given) ? given : []).map((card) =>
      words("card", [card.name?.formatted_name, ...(card.phones ?? []).map((one) => one.phone)]
        .filter(Boolean).join("\n")));
  }
  if (message.type === "location") {
    return [words("card", [given.name, given.address, `${given.latitude}, ${given.longitude}`]
      .filter(Boolean).join("\n"))];
  }
  return [words("words", given.body ?? given.text ?? texts.unknown)];
}

function words(className, text) {
  return element("div", { className, dir: "auto" }, String(text));
}

function template(rendered) {
  const parts = [];
  if (rendered.header_media) {
    const kind = rendered.header_media.type;
    parts.push(...media(kind, rendered.header_media[kind] ?? {}));
  }
  if (rendered.header) parts.push(words("heading", rendered.header));
  if (rendered.body) parts.push(words("words", rendered.body));
  if (rendered.footer) parts.push(words("small", rendered.footer));
  return parts;
}

function interactive(given) {
  const answer = given.button_reply ?? given.list_reply;
  if (answer) return [words("words", answer.title)];
  return [
    given.header?.text ? words("heading", given.header.text) : null,
    words("words", given.body?.text ?? texts.unknown),
    given.footer?.text ? words("small", given.footer.text) : null,
  ].filter(Boolean);
}

function media(kind, given) {
  const address = given.id ? `/media/${encodeURIComponent(given.id)}` : given.link;
  const safe = /^(https?:\/\/|\/media\/)/.test(address ?? "");
  const label = given.filename ?? texts[kind] ?? kind;
  const parts = [];
  const picture = kind === "image" || kind === "sticker";
  if (safe) {
    const link = element("a", {
      href: address, target: "_blank", rel: "noreferrer noopener", className: "file",
    });
    if (picture && given.id) link.append(element("img", { src: address, alt: label, loading: "lazy" }));
    else link.append(icon("clip"), element("span", { dir: "auto" }, label));
    parts.push(link);
  } else {
    parts.push(words("file", label));
  }
  if (given.caption) parts.push(words("words", given.caption));
  return parts;
}

function buttons(message, act) {
  const choices = [...templateChoices(message), ...interactiveChoices(message)];
  if (!choices.length) return null;
  return element("div", { className: "choices" }, ...choices.map((choice) =>
    choice.href
      ? element("a", { className: "choice", href: choice.href, target: "_blank",
          rel: "noreferrer noopener" }, choice.title)
      : element("button", { type: "button", className: "choice", disabled: !choice.answer,
          onclick: () => act(choice.answer) }, choice.title)));
}

function templateChoices(message) {
  const context = { id: message.id };
  return (message.rendered?.buttons ?? []).map((button) => ({
    title: button.text,
    href: /^https?:\/\//.test(button.url ?? "") ? button.url : undefined,
    answer: button.type === "QUICK_REPLY"
      ? { type: "button", button: { text: button.text, payload: button.payload }, context }
      : undefined,
  }));
}

function interactiveChoices(message) {
  if (!message.from_business || message.type !== "interactive") return [];
  const { action } = message.message.interactive;
  const context = { id: message.id };
  const answer = (kind, reply) =>
    ({ type: "interactive", interactive: { type: kind, [kind]: reply }, context });
  const rows = (action?.sections ?? []).flatMap((section) => section.rows ?? []);
  return [
    ...(action?.buttons ?? []).map(({ reply }) =>
      ({ title: reply.title, answer: answer("button_reply", reply) })),
    ...rows.map((row) => ({ title: row.title, answer: answer("list_reply", row) })),
  ];
}

function menu(message, act) {
  const react = (emoji) =>
    act({ type: "reaction", reaction: { message_id: message.id, emoji } });
  return element("div", { className: "menu" },
    ...EMOJIS.map((emoji) =>
      element("button", { type: "button", onclick: () => react(emoji) }, emoji)),
    element("button", { type: "button", className: "reply", title: texts.reply,
      "aria-label": texts.reply, onclick: () => act({ replyTo: message }) }, "↩"));
}
