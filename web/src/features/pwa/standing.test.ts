import { describe, expect, it } from "vitest";
import {
  ASK_AGAIN_MS,
  type Facts,
  type Offer,
  offerOf,
  type Said,
  type Standing,
  standingOf,
} from "./standing";

const able: Facts = {
  kind: "pwa",
  ios: false,
  supported: true,
  permission: "granted",
  subscribed: true,
};
const nothing: Said = { wanted: null, later_at: null, denial_read: false };
const NOW = Date.parse("2026-11-24T13:00:00Z");

it.each<[string, Partial<Facts>, Standing]>([
  ["on", {}, "on"],
  ["subscribed by another agent or not at all", { subscribed: false }, "off"],
  ["not asked yet", { permission: "default", subscribed: false }, "off"],
  ["permission taken back to the question", { permission: "default" }, "off"],
  ["denied, though a subscription is remembered", { permission: "denied" }, "denied"],
  ["a browser without pushes", { supported: false, permission: "denied" }, "unsupported"],
  ["Safari's tab on an iPhone", { ios: true, kind: "browser", supported: false }, "install_first"],
  ["installed on an iPhone", { ios: true }, "on"],
  ["an old iPhone's home screen", { ios: true, supported: false }, "unsupported"],
  ["a tab of a computer", { kind: "browser" }, "on"],
])("NOTIF-8: %s", (_, facts, standing) => {
  expect(standingOf({ ...able, ...facts })).toBe(standing);
});

describe("NOTIF-6: what the installed page shows by itself", () => {
  it.each<[string, Standing, Partial<Said>, Offer]>([
    ["on first entering", "off", {}, "ask"],
    ["turned on before, and the permission is open again", "off", { wanted: "yes" }, "ask"],
    ["«Agora não» a moment ago", "off", { later_at: NOW - 1 }, null],
    ["«Agora não» not quite 14 days ago", "off", { later_at: NOW - ASK_AGAIN_MS + 1 }, null],
    ["«Agora não» 14 days ago", "off", { later_at: NOW - ASK_AGAIN_MS }, "ask"],
    ["turned off in the settings", "off", { wanted: "no" }, null],
    ["on", "on", {}, null],
    ["blocked", "denied", {}, "tell_denied"],
    ["blocked after «Agora não»", "denied", { later_at: NOW - 1 }, "tell_denied"],
    ["blocked, and read", "denied", { denial_read: true }, null],
    ["blocked, and not wanted", "denied", { wanted: "no" }, null],
    ["without pushes", "unsupported", {}, null],
  ])("%s", (_, standing, said, offer) => {
    expect(offerOf(standing, "pwa", { ...nothing, ...said }, NOW)).toBe(offer);
  });

  it.each<Standing>(["off", "denied", "install_first"])("in a browser's tab nothing: %s", (one) => {
    expect(offerOf(one, "browser", nothing, NOW)).toBeNull();
  });
});
