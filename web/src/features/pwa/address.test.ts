/** NOTIF-6: a click on a push leads to its chat. */

import { expect, it } from "vitest";
import { addressFor, chatAt } from "./address";

it.each([
  ["/chats", "", "/chats/c1"],
  ["/chats/c0", "?tab=mine&q=ana", "/chats/c1?tab=mine&q=ana"],
  ["/chats/c0", "?tab=mine&message=m9", "/chats/c1?tab=mine"],
  ["/contacts", "?q=ana", "/chats/c1"],
])("from %s%s to %s", (pathname, search, address) => {
  expect(addressFor("c1", pathname, search)).toBe(address);
});

it("an id that is no word of an address is written as one", () => {
  const address = addressFor("a/b c", "/chats", "");
  expect(address).toBe("/chats/a%2Fb%20c");
  expect(chatAt(address)).toBe("a/b c");
});

it.each([
  ["/chats", null],
  ["/contacts", null],
  ["/chats/c1/", "c1"],
  ["/chats/%E0%A4%A", "%E0%A4%A"],
])("%s shows %s", (pathname, chatId) => {
  expect(chatAt(pathname)).toBe(chatId);
});
