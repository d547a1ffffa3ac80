// One phone: its thread, its header and its composer.

import { api } from "./api.js";
import { attachMenu } from "./attach.js";
import { bubble, summary } from "./bubble.js";
import { element, icon } from "./dom.js";
import { texts } from "./texts.js";

const TYPING_LASTS = 25000;
const day = new Intl.DateTimeFormat("pt-BR", { day: "numeric", month: "long", year: "numeric" });
const clock = new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", minute: "2-digit" });

/** The contact's number as people write it, or the username. */
export function addressLabel(contact) {
  if (contact.username) return `@${contact.username}`;
  const parts = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(contact.wa_id ?? "");
  if (parts) return `+55 ${parts[1]} ${parts[2]}-${parts[3]}`;
  if (contact.channel !== "whatsapp") return texts.channels[contact.channel];
  return contact.wa_id ? `+${contact.wa_id}` : contact.user_id;
}

export class Phone {
  /** `business` is the answer of /health; `onclose` is called with the address. */
  constructor(contact, business, onclose) {
    this.address = contact.address;
    this.messages = new Map();
    this.told = new Map();
    this.loaded = Promise.resolve();
    this.replyTo = null;
    this.editing = null;
    this.channel = contact.channel;
    this.build(business, onclose);
    this.show(contact);
  }

  build(business, onclose) {
    this.name = element("strong", { dir: "auto" });
    this.label = element("span", {});
    this.power = element("button", { type: "button", className: "plain",
      dataset: { testid: "phone-power" }, onclick: () => this.switchPower() }, icon("power"));
    this.state = element("span", { className: "state" }, texts.businessAccount);
    this.notice = element("p", { className: "notice", role: "status", hidden: true });
    this.thread = element("div", { className: "thread", tabindex: "0", role: "log",
      onscroll: () => this.noticeScroll() });
    this.thread.addEventListener("load", () => this.stayAtEnd(), true);
    new ResizeObserver(() => this.stayAtEnd()).observe(this.thread);
    this.atEnd = true;
    this.replying = element("div", { className: "replying", hidden: true });
    this.input = element("textarea", { rows: "1", placeholder: texts.write,
      "aria-label": texts.write, dir: "auto", dataset: { testid: "phone-input" },
      oninput: () => this.grow(), onkeydown: (event) => this.key(event) });
    this.file = element("input", { type: "file", hidden: true, multiple: true,
      "aria-label": texts.attachments.file,
      dataset: { testid: "phone-file" }, onchange: () => this.attach() });
    const account = business.accounts.find((one) => one.channel === this.channel);
    const name = this.channel === "whatsapp" ? business.verified_name : account.display;
    const initial = (name.replace(/^@/, "") || "?").slice(0, 1).toUpperCase();
    this.now = element("span", {}, clock.format(new Date()));
    this.root = element("section", { className: `phone ${this.channel}`,
      dataset: { testid: `phone-${this.address}` } },
      element("div", { className: "owner" },
        element("div", { className: "who" }, this.name, this.label),
        this.power,
        element("button", { type: "button", className: "plain", title: texts.close,
          "aria-label": texts.close, dataset: { testid: "phone-close" },
          onclick: () => onclose(this.address) }, icon("close"))),
      element("div", { className: "frame" },
        element("div", { className: "system" }, this.now, icon("status")),
        element("div", { className: "top" },
          element("div", { className: "avatar", "aria-hidden": "true" }, initial),
          element("div", { className: "business-name" },
            element("strong", {}, name), this.state),
          element("span", { className: "network" }, texts.channels[this.channel])),
        this.thread, this.notice, this.replying,
        element("form", { className: "composer", onsubmit: (event) => this.submit(event) },
          attachMenu(this.channel, {
            send: (wish) => this.write(wish), choose: () => this.file.click(),
          }), this.file,
          this.input,
          element("button", { type: "submit", className: "send", "aria-label": texts.send,
            title: texts.send, dataset: { testid: "phone-send" } }, icon("send")))));
  }

  /** The contact changed. */
  show(contact) {
    this.contact = contact;
    this.root.setAttribute("aria-label", contact.name);
    this.name.textContent = contact.name;
    this.label.textContent = addressLabel(contact);
    this.label.title = contact.user_id;
    this.root.classList.toggle("off", !contact.online);
    this.power.setAttribute("aria-pressed", String(!contact.online));
    this.power.title = contact.online ? texts.turnOff : texts.turnOn;
    this.power.setAttribute("aria-label", this.power.title);
    this.tell(contact.blocked ? texts.blocked : contact.online ? "" : texts.off);
  }

  /** The whole thread anew, and over it what was told while it was on its way. */
  load() {
    this.loaded = this.loaded.catch(() => {}).then(async () => {
      this.told.clear();
      const messages = await api.thread(this.address);
      this.messages = new Map(messages.map((message) => [message.id, message]));
      for (const [id, message] of this.told) this.messages.set(id, message);
      this.draw();
    });
    return this.loaded;
  }

  /** A message is new or its tick changed. */
  put(message) {
    this.told.set(message.id, message);
    this.messages.set(message.id, message);
    if (message.from_business) this.stopTyping();
    this.draw();
  }

  typing(on = true) {
    if (!on) return this.stopTyping();
    this.state.textContent = texts.typing;
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.stopTyping(), TYPING_LASTS);
    return undefined;
  }

  stopTyping() {
    clearTimeout(this.typingEnds);
    this.state.textContent = texts.businessAccount;
  }

  draw() {
    const messages = [...this.messages.values()].sort((a, b) => a.at.localeCompare(b.at));
    const lines = [];
    let lastDay = "";
    const told = messages.filter((one) => one.type !== "reaction");
    for (const message of told) {
      const today = day.format(new Date(message.at));
      if (today !== lastDay) lines.push(element("div", { className: "day" }, this.dayLabel(today)));
      lastDay = today;
      lines.push(bubble(message, {
        quoted: this.messages.get(message.shown.quotes),
        reactions: this.reactionsTo(message, messages),
        act: (wish) => this.act(wish),
      }));
    }
    this.thread.replaceChildren(...lines);
    this.now.textContent = clock.format(new Date());
    this.stayAtEnd();
  }

  noticeScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.thread;
    this.atEnd = scrollHeight - scrollTop - clientHeight < 80;
  }

  /** Pictures load and notices appear later; whoever reads the end goes on reading the end. */
  stayAtEnd() {
    if (this.atEnd) this.thread.scrollTop = this.thread.scrollHeight;
  }

  dayLabel(label) {
    return label === day.format(new Date()) ? texts.today : label;
  }

  /** By who gave them; a reaction of the business on WhatsApp shows once it has arrived. */
  reactionsTo(message, messages) {
    const given = { ...message.reactions };
    const ofBusiness = messages.filter((one) => one.from_business && one.type === "reaction"
      && one.message.reaction?.message_id === message.id);
    if (this.channel === "whatsapp") given.business = ofBusiness.at(-1)?.message.reaction.emoji;
    return given;
  }

  act(wish) {
    if (wish.answer) return this.write(wish.answer);
    if (wish.react) {
      return this.happen({ what: "reaction", message_id: wish.react.id, emoji: wish.emoji });
    }
    if (wish.unsend) return this.happen({ what: "deletion", message_id: wish.unsend.id });
    this.replyTo = wish.replyTo ?? null;
    this.editing = wish.edit ?? null;
    const about = wish.replyTo ?? wish.edit;
    this.replying.hidden = false;
    this.replying.replaceChildren(
      element("span", { dir: "auto" }, `${wish.edit ? texts.editing : ""} ${summary(about)}`.trim()),
      element("button", { type: "button", className: "plain", "aria-label": texts.cancel,
        onclick: () => this.stopReplying() }, icon("close")));
    if (wish.edit) this.input.value = wish.edit.shown.text;
    this.input.focus();
    return undefined;
  }

  async happen(event) {
    try {
      await api.happen(this.address, event);
    } catch {
      this.tell(texts.notSent);
    }
  }

  stopReplying() {
    this.replyTo = null;
    this.editing = null;
    this.replying.hidden = true;
    this.replying.replaceChildren();
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.submit(event);
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    const message = { text };
    if (this.replyTo && this.channel === "whatsapp") message.context = { id: this.replyTo.id };
    else if (this.replyTo) message.quotes = this.replyTo.id;
    const edited = this.editing;
    this.input.value = "";
    this.grow();
    this.stopReplying();
    this.atEnd = true;
    if (edited) this.happen({ what: "edit", message_id: edited.id, text });
    else this.write(message, text);
  }

  async write(message, text = "") {
    try {
      await api.write(this.address, message);
      this.tell(this.contact.blocked ? texts.blocked : "");
    } catch {
      this.tell(texts.notSent);
      this.input.value ||= text;
    }
  }

  async attach() {
    const chosen = [...this.file.files];
    this.file.value = "";
    const together = this.channel !== "whatsapp" && chosen.every((one) => /^image\//.test(one.type));
    const groups = together && chosen.length ? [chosen] : chosen.map((one) => [one]);
    try {
      for (const group of groups) {
        const form = new FormData();
        for (const file of group) form.append("file", file);
        await api.attach(this.address, form);
      }
    } catch {
      this.tell(texts.notSent);
    }
  }

  switchPower() {
    const { address, wa_id, user_id, online } = this.contact;
    api.saveContact({ ...(wa_id ? { wa_id } : { user_id: user_id ?? address }), online: !online });
  }

  tell(sentence) {
    this.notice.textContent = sentence;
    this.notice.hidden = !sentence;
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 110)}px`;
  }
}
