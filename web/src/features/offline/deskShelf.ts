/** The shelf as the desk and the app use it: loaded when it is needed. */

import type { DeskShelf } from "../live/desk";

const load = () => import("./shelf").then(({ shelf }) => shelf);

/** Where the desk looks when nothing can be fetched. */
export const deskShelf: DeskShelf = {
  list: (view) =>
    load().then(
      (shelf) => shelf.list(view),
      () => null,
    ),
  chat: (chatId) =>
    load().then(
      (shelf) => shelf.chat(chatId),
      () => null,
    ),
  drop: (chatId) =>
    void load().then(
      (shelf) => shelf.drop(chatId),
      () => {},
    ),
};

/** Where it is known, once looked up, who was here. */
export const SHELF = ["shelf"];

/** Who was here when the server could last be asked; null when that is not known. */
export const readMe = () =>
  load().then(
    (shelf) => shelf.start(),
    () => null,
  );

/** The login ended, or may do nothing any more. */
export const forgetShelf = () =>
  void load().then(
    (shelf) => shelf.forget(),
    () => {},
  );
