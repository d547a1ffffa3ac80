// The page: which phones are open, and what the simulator tells them.

import { api } from "./api.js";
import { element } from "./dom.js";
import { Panel } from "./panel.js";
import { addressLabel, Phone } from "./phone.js";
import { texts } from "./texts.js";

const OPEN = "simulator.open";
const byId = (id) => document.getElementById(id);
const contacts = new Map();
const phones = new Map();
const badge = byId("badge");
const panel = new Panel(byId("panel"), (wishes, retrying) => {
  badge.hidden = wishes + retrying === 0;
  badge.textContent = String(wishes + retrying);
  badge.classList.toggle("alarm", retrying > 0);
});
let business = {};
let stream;

function fillTexts() {
  for (const part of document.querySelectorAll("[data-text]")) {
    part.textContent = texts[part.dataset.text];
  }
  for (const part of document.querySelectorAll("[data-label]")) {
    part.setAttribute("aria-label", texts[part.dataset.label]);
  }
}

function listContacts() {
  const options = [...contacts.values()]
    .sort((one, other) => one.name.localeCompare(other.name, "pt-BR"))
    .map((contact) => element("option", { value: contact.address },
      `${contact.name} · ${texts.channels[contact.channel]} · ${addressLabel(contact)}`));
  const first = element("option", { value: "" }, texts.pickContact);
  byId("pick-contact").replaceChildren(first, ...options);
  panel.showContacts([...contacts.values()]);
}

async function openPhone(address) {
  const contact = contacts.get(address);
  if (!contact) return;
  if (!phones.has(address)) {
    const phone = new Phone(contact, business, closePhone);
    phones.set(address, phone);
    byId("phones").append(phone.root);
    await phone.load();
    phonesChanged();
  }
  const phone = phones.get(address);
  phone.root.scrollIntoView({ inline: "center", block: "nearest" });
  phone.input.focus({ preventScroll: true });
}

function closePhone(address) {
  phones.get(address)?.root.remove();
  phones.delete(address);
  phonesChanged();
}

function phonesChanged() {
  localStorage.setItem(OPEN, JSON.stringify([...phones.keys()]));
  const nothing = byId("phones").querySelector(".empty");
  if (phones.size) nothing?.remove();
  else if (!nothing) {
    byId("phones").append(element("div", { className: "empty" },
      element("strong", {}, texts.empty), element("span", {}, texts.emptyHint)));
  }
  listen();
}

/**
 * A hidden page reads nothing: only phones that someone looks at give read receipts.
 * What happened while the stream was away is fetched when it opens.
 */
function listen() {
  stream?.close();
  const open = document.hidden ? [] : [...phones.keys()];
  stream = new EventSource(`/events?open=${encodeURIComponent(open.join(","))}`);
  stream.onopen = reload;
  stream.onmessage = ({ data }) => hear(JSON.parse(data));
}

function hear(event) {
  const phone = phones.get(event.contact?.address ?? event.contact);
  if (event.kind === "message" && event.phone) phone?.put(event.message);
  if (event.kind === "typing") phone?.typing(event.on);
  if (event.kind === "contact") hearContact(event.contact);
  if (event.kind === "misbehaviour") panel.showWishes(event.misbehaviour);
  if (event.kind === "deliveries") panel.hearCounts(event);
  if (event.kind === "reset") location.reload();
}

/** Whoever moves to another number, or shows one at last, has another address from then on. */
function hearContact(contact) {
  const before = [...contacts.values()].find((one) => one.key === contact.key);
  const moved = before && before.address !== contact.address;
  if (moved) contacts.delete(before.address);
  contacts.set(contact.address, contact);
  listContacts();
  phones.get(contact.address)?.show(contact);
  if (moved && phones.has(before.address)) {
    closePhone(before.address);
    openPhone(contact.address);
  }
}

async function reload() {
  for (const contact of await api.contacts()) contacts.set(contact.address, contact);
  listContacts();
  await Promise.all([...phones.values()].map((phone) => phone.load()));
  await panel.load([...contacts.values()]);
}

function askContact() {
  byId("contact-form").reset();
  byId("contact-problem").hidden = true;
  showFields();
  byId("contact-dialog").showModal();
}

async function saveContact(event) {
  event.preventDefault();
  const form = new FormData(byId("contact-form"));
  const channel = form.get("channel");
  const direct = channel !== "whatsapp";
  const number = direct ? "" : form.get("number").replace(/\D/g, "");
  const username = channel === "facebook" ? "" : form.get("username").trim().replace(/^@/, "");
  const problem = direct ? directProblem(channel, form.get("name"), username)
    : contactProblem(number, username);
  byId("contact-problem").hidden = !problem;
  byId("contact-problem").textContent = problem;
  if (problem) return;
  const wishes = { channel };
  if (form.get("name").trim()) wishes.name = form.get("name").trim();
  if (number) wishes.wa_id = number;
  if (username) {
    wishes.username = username;
    if (!direct) wishes.shows_number = Boolean(number) && form.get("shows_number") === "on";
  }
  if (!wishes.name && username) wishes.name = username;
  const contact = await api.saveContact(wishes);
  contacts.set(contact.address, contact);
  listContacts();
  byId("contact-dialog").close();
  await openPhone(contact.address);
}

function directProblem(channel, name, username) {
  if (channel === "instagram" && !username) return texts.needsUserName;
  return name.trim() || username ? "" : texts.needsName;
}

function showFields() {
  const channel = byId("contact-form").elements.channel.value;
  for (const part of document.querySelectorAll("[data-on]")) {
    part.hidden = !part.dataset.on.split(" ").includes(channel);
  }
}

function contactProblem(number, username) {
  if (!number && !username) return texts.needsAddress;
  if (number && (number.length < 10 || number.length > 15)) return texts.badNumber;
  if (username && !(/^[a-z0-9._]{3,35}$/i.test(username) && /[a-z]/i.test(username))) {
    return texts.badUserName;
  }
  return "";
}

function togglePanel() {
  const shown = byId("panel").hidden;
  byId("panel").hidden = !shown;
  byId("toggle-panel").setAttribute("aria-expanded", String(shown));
  document.body.classList.toggle("panel-open", shown);
  if (shown) panel.showDeliveries();
}

async function start() {
  fillTexts();
  business = await api.health();
  byId("business").textContent = [business.verified_name,
    ...business.accounts.map((one) => one.display)].join(" · ");
  await reload();
  const remembered = JSON.parse(localStorage.getItem(OPEN) ?? "[]");
  for (const address of remembered) await openPhone(address);
  phonesChanged();
}

byId("pick-contact").onchange = (event) => {
  openPhone(event.target.value);
  event.target.value = "";
};
byId("add-contact").onclick = askContact;
byId("contact-cancel").onclick = () => byId("contact-dialog").close();
byId("contact-form").onsubmit = saveContact;
byId("contact-form").elements.channel.onchange = showFields;
byId("toggle-panel").onclick = togglePanel;
document.addEventListener("visibilitychange", listen);
start();
