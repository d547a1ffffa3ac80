/** Portuguese for the page: starts i18next with the only language there is. */

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { administration } from "./administration";
import type { bar } from "./bar";
import type { flows } from "./flows";
import type { keyboard } from "./keyboard";
import type { login } from "./login";
import type { messages } from "./messages";
import type { newChat } from "./newChat";
import type { notifications } from "./notifications";
import type { offline } from "./offline";
import type { panel } from "./panel";
import type { phone } from "./phone";
import { ptBR } from "./pt-BR";
import type { reasons } from "./reasons";
import type { templates } from "./templates";

void i18next.use(initReactI18next).init({
  lng: "pt-BR",
  resources: { "pt-BR": { translation: ptBR } },
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
});

interface Sentences {
  translation: typeof ptBR;
  administration: typeof administration;
  bar: typeof bar;
  flows: typeof flows;
  keyboard: typeof keyboard;
  login: typeof login;
  messages: typeof messages;
  newChat: typeof newChat;
  notifications: typeof notifications;
  offline: typeof offline;
  panel: typeof panel;
  phone: typeof phone;
  reasons: typeof reasons;
  templates: typeof templates;
}

/** Adds the sentences of a part that is loaded later: called once, where that part begins. */
export function addSentences<Part extends keyof Sentences>(part: Part, told: Sentences[Part]) {
  i18next.addResourceBundle("pt-BR", part, told);
}

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: Sentences;
  }
}

export { i18next };
