// The panel that makes Meta misbehave and shows what has not been delivered.

import { api } from "./api.js";
import { element } from "./dom.js";
import { addressLabel } from "./phone.js";
import { texts } from "./texts.js";

const GROUPS = {
  webhooks: ["duplicate", "batch", "delay_ms", "reorder", "one_at_a_time"],
  answers: ["drop_answer", "server_error", "bad_gateway", "bad_gateway_after", "slow_answer_ms",
    "expired_token", "pair_limit", "async_refusals"],
  statuses: ["hold_statuses", "statuses_before_answer", "slow_media_ms", "media_fault", "expired_links"],
  channels: ["instagram_shape", "no_human_agent", "plain_number"],
};
const WORDS = {
  media_fault: ["", "missing", "slow", "truncated", "wrong_type", "redirect", "huge",
    "huge_hidden", "sha_mismatch", "expired"],
  instagram_shape: ["messaging", "standby", "changes", "flat", "bare"],
};
const CODES = ["131026", "131047", "130403", "131056", "130429", "131000", "131049", "190"];

export class Panel {
  /** `onbadge` hears how many wishes are in force and how many updates wait for a retry. */
  constructor(root, onbadge) {
    this.root = root;
    this.onbadge = onbadge;
    this.fields = new Map();
    this.counts = { waiting: 0, in_flight: 0, retrying: 0 };
    this.wishes = {};
    this.build();
  }

  async load(contacts) {
    this.showContacts(contacts);
    this.showWishes(await api.misbehaviour());
    await this.showDeliveries();
  }

  build() {
    this.rules = element("ul", { className: "rules" });
    this.errorContact = element("select", { "aria-label": texts.errorContact,
      dataset: { testid: "error-contact" } });
    this.errorCode = element("input", { list: "codes", inputmode: "numeric", value: "131026",
      "aria-label": texts.errorCode, dataset: { testid: "error-code" } });
    this.errorTimes = element("input", { type: "number", min: "1", placeholder: texts.always,
      "aria-label": texts.errorTimes, dataset: { testid: "error-times" } });
    this.errorAsync = element("input", { type: "checkbox", dataset: { testid: "error-async" } });
    this.numbers = element("dl", { className: "counts" });
    this.retries = element("ul", { className: "retries", dataset: { testid: "undelivered" } });
    this.root.append(
      element("div", { className: "panel-title" },
        element("h2", {}, texts.misbehaviour),
        element("button", { type: "button", dataset: { testid: "misbehave-reset" },
          onclick: () => this.ask({ reset: true }) }, texts.behave)),
      ...Object.entries(GROUPS).map(([group, names]) =>
        element("fieldset", {}, element("legend", {}, texts.groups[group]),
          ...names.map((name) => this.wish(name)))),
      element("fieldset", {}, element("legend", {}, texts.errors), this.rules,
        element("div", { className: "rule-form" },
          element("label", { className: "wide" }, element("span", {}, texts.errorContact),
            this.errorContact),
          element("label", {}, element("span", {}, texts.errorCode), this.errorCode),
          element("label", {}, element("span", {}, texts.errorTimes), this.errorTimes),
          element("label", { className: "check" }, this.errorAsync,
            element("span", {}, texts.errorAsync)),
          element("button", { type: "button", dataset: { testid: "error-add" },
            onclick: () => this.addRule() }, texts.addError)),
        element("datalist", { id: "codes" },
          ...CODES.map((code) => element("option", { value: code })))),
      element("fieldset", {}, element("legend", {}, texts.deliveries), this.numbers, this.retries,
        element("button", { type: "button", dataset: { testid: "retry-now" },
          onclick: () => this.retryNow() }, texts.retryNow)));
  }

  wish(name) {
    const [label, unit] = texts.wishes[name];
    if (unit === "words") return this.words(name, label);
    const counted = unit !== "";
    const field = counted
      ? element("input", { type: "number", min: "0", value: "0" })
      : element("input", { type: "checkbox", role: "switch" });
    field.dataset.testid = `misbehave-${name}`;
    field.onchange = () =>
      this.ask({ [name]: counted ? Math.max(0, Math.trunc(Number(field.value))) : field.checked });
    this.fields.set(name, field);
    return element("label", { className: "wish" }, element("span", {}, label), field,
      element("small", {}, unit));
  }

  words(name, label) {
    const field = element("select", {}, ...WORDS[name].map((word) =>
      element("option", { value: word }, texts.words[word] ?? (word || texts.none))));
    field.dataset.testid = `misbehave-${name}`;
    field.onchange = () => this.ask({ [name]: field.value });
    this.fields.set(name, field);
    return element("label", { className: "wish worded" }, element("span", {}, label), field);
  }

  async ask(wishes) {
    this.showWishes(await api.misbehave(wishes));
  }

  showWishes(wishes) {
    this.wishes = wishes;
    for (const [name, field] of this.fields) {
      if (field.type === "checkbox") field.checked = wishes[name];
      else if (document.activeElement !== field) field.value = wishes[name];
      field.parentElement.classList.toggle("on", inForce(name, wishes[name]));
    }
    this.rules.replaceChildren(...wishes.error.map((rule) => this.rule(rule)));
    this.tellBadge();
  }

  rule(rule) {
    const who = rule.contact === "*" ? texts.everyone : rule.contact;
    const times = rule.times === null ? texts.always : `${rule.times}×`;
    const how = rule.async ? `, ${texts.errorAsync}` : "";
    const others = this.wishes.error.filter((one) => one !== rule);
    return element("li", {}, element("span", {}, `${rule.code}: ${who}, ${times}${how}`),
      element("button", { type: "button", onclick: () => this.replaceRules(others) },
        texts.removeError));
  }

  async replaceRules(rules) {
    await api.misbehave({ error: null });
    await this.ask({ error: rules });
  }

  addRule() {
    const code = Number(this.errorCode.value);
    if (!Number.isInteger(code)) return;
    this.ask({ error: {
      contact: this.errorContact.value,
      code,
      times: this.errorTimes.value ? Number(this.errorTimes.value) : null,
      async: this.errorAsync.checked,
    } });
  }

  showContacts(contacts) {
    const chosen = this.errorContact.value || "*";
    this.errorContact.replaceChildren(
      element("option", { value: "*" }, texts.everyone),
      ...contacts.map((contact) => element("option", { value: contact.address },
        `${contact.name} (${addressLabel(contact)})`)));
    this.errorContact.value = chosen;
  }

  /** Counts changed; the list of retries is fetched at most once at a time. */
  hearCounts(counts) {
    this.counts = counts;
    this.tellBadge();
    if (this.root.hidden || this.fetching) return;
    this.fetching = setTimeout(async () => {
      await this.showDeliveries();
      this.fetching = undefined;
    }, 250);
  }

  async retryNow() {
    await api.retryNow();
    await this.showDeliveries();
  }

  async showDeliveries() {
    const report = await api.deliveries();
    this.counts = report;
    this.numbers.replaceChildren(...[
      [texts.waiting, report.waiting], [texts.inFlight, report.in_flight],
      [texts.retrying, report.retrying],
    ].map(([label, count]) =>
      element("div", {}, element("dt", {}, label), element("dd", {}, String(count)))));
    const lines = report.retries.map(({ attempts, last }) => {
      const outcome = /^\d+$/.test(last) ? last : texts.noAnswer;
      return element("li", { title: last }, texts.attempts(attempts, outcome));
    });
    const calm = element("li", { className: "calm" }, texts.nothingWaits);
    this.retries.replaceChildren(...(lines.length ? lines : report.waiting ? [] : [calm]));
    this.tellBadge();
  }

  tellBadge() {
    const { error = [], ...others } = this.wishes;
    const wished = Object.entries(others).filter(([name, value]) => inForce(name, value));
    this.onbadge(wished.length + error.length, this.counts.retrying);
  }
}

function inForce(name, value) {
  return Boolean(value) && !(name === "instagram_shape" && value === "messaging");
}
