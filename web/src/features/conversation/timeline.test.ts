import { expect, it } from "vitest";
import { aMessage } from "../live/builders";
import type { Outgoing } from "../live/outbox";
import { buildTimeline } from "./timeline";

const AGENT = { agent_id: "ana", name: "Ana" };
const OPTIONS = { agent: AGENT, wholeFromStart: true, unreadFrom: null };

function outgoing(client_key: string): Outgoing {
  return {
    client_key,
    chat_id: "a",
    body: { text: client_key },
    shown: { text: client_key },
    retry_of: null,
    written_at: "2026-11-24T12:00:00.000Z",
    state: "waiting",
    refusal: null,
  };
}

const ids = (entries: ReturnType<typeof buildTimeline>) => entries.map((entry) => entry.id);

it("CHAT-1: days part messages, and the beginning says so", () => {
  const messages = [
    aMessage("1", { at: "2026-11-23T12:00:00.000Z" }),
    aMessage("2", { at: "2026-11-24T02:59:00.000Z" }),
    aMessage("3", { at: "2026-11-24T03:00:00.000Z" }),
  ];
  expect(ids(buildTimeline(messages, [], OPTIONS))).toEqual([
    "beginning",
    "day 1",
    "1",
    "2",
    "day 3",
    "3",
  ]);
});

it("names no day above a message that older ones may precede, so that loading them moves nothing", () => {
  const entries = buildTimeline([aMessage("1")], [], { ...OPTIONS, wholeFromStart: false });
  expect(ids(entries)).toEqual(["1"]);
});

it("marks the first unread message", () => {
  const messages = [aMessage("1"), aMessage("2"), aMessage("3")];
  const entries = buildTimeline(messages, [], { ...OPTIONS, unreadFrom: "2" });
  expect(ids(entries).slice(2)).toEqual(["1", "new", "2", "3"]);
});

it("shows a text that was sent once, under the same id", () => {
  const waiting = buildTimeline([aMessage("1")], [outgoing("5-a")], OPTIONS);
  const sent = buildTimeline(
    [aMessage("1"), aMessage("5-z", { client_key: "5-a", at: "2026-11-24T12:00:00.000Z" })],
    [outgoing("5-a")],
    OPTIONS,
  );
  expect(ids(waiting)).toEqual(ids(sent));
});

it("puts a waiting text where its time says", () => {
  const entries = buildTimeline([aMessage("1"), aMessage("9")], [outgoing("5-a")], OPTIONS);
  expect(ids(entries).filter((id) => /^\d/.test(id))).toEqual(["1", "5-a", "9"]);
});
