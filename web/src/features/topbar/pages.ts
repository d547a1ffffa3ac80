/** The pages beside the chats, and the permission that opens each (ADM-1, PERM-1). */

import type { Me } from "~/lib/api/types";

export const PAGES = [
  { path: "/contatos", name: "contacts", permission: "contacts" },
  { path: "/atendimentos", name: "attendances", permission: "reports" },
  { path: "/mensagens-agendadas", name: "scheduled", permission: "schedules" },
  { path: "/agendas", name: "agenda", permission: "schedules" },
  { path: "/fluxos", name: "flows", permission: "flows" },
  { path: "/webhooks", name: "webhooks", permission: "flows" },
  { path: "/mensagens-template", name: "templates", permission: "templates" },
  { path: "/respostas-rapidas", name: "quickReplies", permission: "settings" },
  { path: "/usuarios", name: "users", permission: "users" },
  { path: "/departamentos", name: "departments", permission: "settings" },
  { path: "/etiquetas", name: "tags", permission: "settings" },
  { path: "/campos", name: "fields", permission: "settings" },
  { path: "/canais", name: "channels", permission: "settings" },
  { path: "/horario-de-atendimento", name: "hours", permission: "settings" },
  { path: "/configuracoes", name: "settings", permission: "settings" },
] as const;

export type Page = (typeof PAGES)[number];
export type PageName = Page["name"];

export const PROFILE = "/perfil";

/** Whether the viewer's permissions open the page. */
export function isOpen(page: Page, me: Me): boolean {
  return me.agent.permissions.includes(page.permission);
}
