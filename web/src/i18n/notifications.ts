/** What the bell's list and «Por que (não) fui notificado?» say; loaded with them. */

import type { PushOutcome, ReasonName } from "~/lib/api/types";

/** Why something was not told; of what was told, each way has its own words. */
const because: Record<Exclude<ReasonName, "told">, string> = {
  chat_page_open: "Não: a página do Chat estava aberta.",
  chat_page_visible: "Não: a página do Chat estava visível.",
  no_page_open: "Não: nenhuma página do Atendente estava aberta.",
  muted: "Não: os sons estavam desativados.",
  not_a_message: "Não: o celular só avisa de novas mensagens.",
  agent_has_it: "Não: a conversa tinha um agente, e só ele é avisado no celular.",
  no_device: "Não: nenhum celular estava com as notificações ativadas.",
  pwa_visible: "Não: o Chat estava visível no aplicativo.",
  pushed_already: "Não: o celular já tinha avisado deste contato.",
};

const outcomes: Record<PushOutcome, string> = {
  sent: "Sim: notificação enviada.",
  withdrawn: "Não: antes do envio, a conversa deixou de ser sua.",
  no_device: "Não: o celular não aceita mais as notificações. Ative-as de novo nele.",
  failed: "Não: o serviço de notificações do celular não respondeu a tempo.",
};

export const notifications = {
  title: "Notificações",
  failed: "As notificações não puderam ser carregadas.",
  empty: "Nenhuma notificação.",
  emptyHint:
    "Mensagens e encaminhamentos que chegarem enquanto você não estiver na página do Chat aparecem aqui.",
  clear: "Limpar tudo",
  remove: "Remover a notificação de {{name}}",
  removed_one: "{{count}} notificação removida.",
  removed_other: "{{count}} notificações removidas.",
  undo: "Desfazer",
  new: "Nova",
  why: "Por que (não) fui notificado?",
  events: {
    message: "Nova mensagem",
    messageKind: "Nova mensagem: {{kind}}",
    deleted: "Mensagem apagada",
    toYou: "Atendimento encaminhado para você",
    toDepartment: "Atendimento encaminhado para o departamento {{name}}",
    note: "Observação",
    appointment: "Lembrete",
  },
  decisions: {
    about:
      "O que o Atendente decidiu sobre cada mensagem e encaminhamento para você nos últimos 30 dias.",
    loading: "Carregando as decisões…",
    failed: "As decisões não puderam ser carregadas.",
    empty: "Nada ainda.",
    emptyHint:
      "Quando chegar uma mensagem ou um atendimento for encaminhado para você, aparece aqui se e como você foi notificado, e por quê.",
    more: "Mostrar mais",
    bell: "Sino",
    sound: "Som",
    push: "Celular",
    told: {
      bell: "Sim: está na lista do sino.",
      sound: "Sim: o som foi enviado às suas páginas abertas.",
      push: "Sim: a notificação está sendo enviada.",
    },
    because,
    outcomes,
  },
} as const;
