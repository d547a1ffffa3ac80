// One phone: its thread, its header and its composer.

import { api } from "./api.js";
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
  return contact.wa_id ? `+${contact.wa_id}` : contact.user_id;
}

export class Phone {
  /** `business` is the answer of /health; `onclose` is called with the address. */
  constructor(contact, business, onclose) {
    this.address = contact.address;
    this.messages = new Map();
    this.replyTo = null;
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
    this.file = element("input", { type: "file", hidden: true, "aria-label": texts.attach,
      dataset: { testid: "phone-file" }, onchange: () => this.attach() });
    const initial = (business.verified_name || "?").slice(0, 1).toUpperCase();
    this.now = element("span", {}, clock.format(new Date()));
    this.root = element("section", { className: "phone",
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
            element("strong", {}, business.verified_name), this.state)),
        this.thread, this.notice, this.replying,
        element("form", { className: "composer", onsubmit: (event) => this.submit(event) },
          element("label", { className: "attach", title: texts.attach }, icon("clip"), this.file),
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

  async load() {
    const messages = await api.thread(this.address);
    this.messages = new Map(messages.map((message) => [message.id, message]));
    this.draw();
  }

  /** A message is new or its tick changed. */
  put(message) {
    this.messages.set(message.id, message);
    if (message.from_business) this.stopTyping();
    this.draw();
  }

  typing() {
    this.state.textContent = texts.typing;
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.stopTyping(), TYPING_LASTS);
  }

  stopTyping() {
    clearTimeout(this.typingEnds);
    this.state.textContent = texts.businessAccount;
  }

  draw() {
    const messages = [...this.messages.values()].sort((a, b) => a.at.localeCompare(b.at));
    const lines = [];
    let lastDay = "";
    for (const message of messages.filter((one) => one.type !== "reaction")) {
      const today = day.format(new Date(message.at));
      if (today !== lastDay) lines.push(element("div", { className: "day" }, this.dayLabel(today)));
      lastDay = today;
      lines.push(bubble(message, {
        quoted: this.messages.get(message.message.context?.id ?? message.message.context?.message_id),
        reactions: this.reactionsTo(message.id, messages),
        act: (answer) => this.act(answer),
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

  reactionsTo(id, messages) {
    const latest = new Map();
    for (const { type, message, from_business: business } of messages) {
      if (type === "reaction" && message.reaction?.message_id === id) {
        latest.set(business, message.reaction.emoji);
      }
    }
    return [...latest.values()].filter(Boolean);
  }

  act(answer) {
    if (!answer.replyTo) return this.write(answer);
    this.replyTo = answer.replyTo;
    this.replying.hidden = false;
    this.replying.replaceChildren(
      element("span", { dir: "auto" }, summary(answer.replyTo)),
      element("button", { type: "button", className: "plain", "aria-label": texts.cancel,
        onclick: () => this.stopReplying() }, icon("close")));
    this.input.focus();
    return undefined;
  }

  stopReplying() {
    this.replyTo = null;
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
    if (this.replyTo) message.context = { id: this.replyTo.id };
    this.input.value = "";
    this.grow();
    this.stopReplying();
    this.atEnd = true;
    this.write(message, text);
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
    const [file] = this.file.files;
    if (!file) return;
    const form = new FormData();
    form.append("file", file);
    this.file.value = "";
    try {
      await api.attach(this.address, form);
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
