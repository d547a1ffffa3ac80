/** Portuguese for the page: starts i18next with the only language there is. */

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { ptBR } from "./pt-BR";

void i18next.use(initReactI18next).init({
  lng: "pt-BR",
  resources: { "pt-BR": { translation: ptBR } },
  interpolation: { escapeValue: false },
  returnNull: false,
  initAsync: false,
});

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof ptBR };
  }
}

export { i18next };
