/** NOTIF-4, NOTIF-9: what a push becomes on the phone. */

import { describe, expect, it } from "vitest";
import { chatAddress, noticeOf, type Pushed, pushedIn } from "./showing";

const pushed: Pushed = {
  id: "d1",
  chat_id: "c1",
  name: "Ana",
  preview: "Bom dia!",
  kind: "text",
  at: "2026-11-24T13:00:00.000Z",
};

it("one per chat, audible, with the contact's name and the message's beginning", () => {
  const { title, options } = noticeOf(pushedIn(JSON.stringify(pushed)), null);
  expect(title).toBe("Ana");
  expect(options).toMatchObject({
    body: "Bom dia!",
    tag: "c1",
    renotify: true,
    silent: false,
    lang: "pt-BR",
    timestamp: Date.UTC(2026, 10, 24, 13),
    data: { chat_id: "c1", id: "d1" },
  });
});

it.each([
  ["image", "Imagem"],
  ["audio", "Áudio"],
  ["location", "Localização"],
  ["text", "Nova mensagem"],
  ["of a newer server", "Nova mensagem"],
  ["constructor", "Nova mensagem"],
])("a message of kind «%s» without words reads «%s»", (kind, body) => {
  expect(noticeOf({ ...pushed, preview: " ", kind }, null).options.body).toBe(body);
});

it("a contact without a name is called one", () => {
  expect(noticeOf({ ...pushed, name: "" }, null).title).toBe("Contato");
});

it("no time at all is no time of the notification's", () => {
  expect(noticeOf({ ...pushed, at: "soon" }, null).options).not.toHaveProperty("timestamp");
});

describe("services deliver at least once", () => {
  it("the same push again makes no second sound", () => {
    expect(noticeOf(pushed, { chat_id: "c1", id: "d1" }).options.renotify).toBe(false);
  });

  it("another of the same chat does", () => {
    expect(noticeOf(pushed, { chat_id: "c1", id: "d0" }).options.renotify).toBe(true);
  });
});

it.each([
  undefined,
  "",
  "null",
  "[]",
  "Bom dia",
  '{"id":"d1"}',
  '{"id":1,"chat_id":"c1"}',
  '{"id":"d1","chat_id":""}',
])("what cannot be read (%s) is shown all the same", (text) => {
  const { title, options } = noticeOf(pushedIn(text), null);
  expect([title, options.body, options.silent]).toEqual(["Atendente", "Nova mensagem", false]);
  expect(options.tag).toBeTruthy();
  expect(options).not.toHaveProperty("data");
});

it("words that are missing do not keep a push from being shown", () => {
  expect(pushedIn('{"id":"d1","chat_id":"c1"}')).toEqual({
    id: "d1",
    chat_id: "c1",
    name: "",
    preview: "",
    kind: "",
    at: "",
  });
});

it("a chat's address holds any id", () => {
  expect(chatAddress("a/b")).toBe("/chats/a%2Fb");
});
