/** What is said without the page: by the service worker in notifications, by the manifest. */

import type { KindName } from "~/lib/api/types";

/** What stands in the place of a contact's message that has no words. */
export const kinds = {
  image: "Imagem",
  audio: "Áudio",
  video: "Vídeo",
  document: "Documento",
  sticker: "Figurinha",
  location: "Localização",
  contacts: "Contato",
  choice: "Resposta escolhida",
  order: "Pedido",
  story_mention: "Menção em story",
  share: "Compartilhamento",
  referral: "Chegou por um link",
  unsupported: "Mensagem não suportada",
} satisfies Partial<Record<KindName, string>>;

export const worker = {
  message: "Nova mensagem",
  contact: "Contato",
  application: "Atendente",
  description: "Atendimento por WhatsApp, Instagram e Facebook.",
  kinds,
};
