/** What the installed page says of itself: notifications on the phone, installing, new versions. */

export const phone = {
  menu: "Notificações no celular",
  install: "Instalar aplicativo",
  later: "Agora não",
  understood: "Entendi",
  ask: {
    title: "Ativar notificações?",
    about: "Receba um aviso no celular quando um contato escrever para você.",
    shown: "O aviso mostra o nome do contato e o começo da mensagem, também na tela bloqueada.",
    once: "É um aviso por contato: o próximo só vem depois que você abrir ou dispensar o anterior.",
    allow: "Permitir",
    notNow:
      "A permissão não foi dada. Toque em «Permitir» de novo quando quiser receber as notificações.",
  },
  denied: {
    title: "As notificações estão bloqueadas",
    about: "O celular não deixa o Atendente avisar você de novas mensagens.",
    android:
      "Segure o ícone do app → «Informações do app» ou «Configurações do site» → «Notificações» → «Permitir».",
    ios: "Abra «Ajustes» → «Notificações» → «Atendente» e ative «Permitir Notificações».",
    browser:
      "Clique no ícone ao lado do endereço da página → «Configurações do site» → «Notificações» → «Permitir».",
    back: "Quando voltar para cá, as notificações são ativadas.",
  },
  settings: {
    here: "Neste dispositivo",
    switch: "Receber notificações neste dispositivo",
    on: "Ativadas: este dispositivo avisa você de novas mensagens.",
    off: "Desativadas neste dispositivo.",
    unsupported: "Este navegador não recebe notificações. Atualize-o ou use outro.",
    installFirst:
      "No iPhone e no iPad, as notificações chegam só ao aplicativo instalado. Instale-o e ative-as nele.",
    failed: "Não foi possível mudar as notificações deste dispositivo. {{why}}",
    service:
      "O serviço de notificações do navegador não respondeu. Verifique sua conexão com a internet e tente novamente.",
    devices: "Seus dispositivos",
    loading: "Carregando os dispositivos…",
    loadFailed: "Os dispositivos não puderam ser carregados.",
    empty: "Nenhum dispositivo recebe notificações.",
    emptyHint: "Instale o Atendente no celular e ative as notificações nele: ele aparece aqui.",
    since: "Desde {{at}}",
    thisOne: "Este dispositivo",
    remove: "Remover {{name}}",
    removeFailed: "O dispositivo não foi removido. {{why}}",
  },
  device: {
    label: "{{browser}} no {{system}}",
    browser: "Navegador",
    system: "dispositivo",
  },
  installing: {
    title: "Instalar o Atendente",
    about: "O Atendente abre como um aplicativo, em tela cheia, e avisa você de novas mensagens.",
    share: "Toque em «Compartilhar», na barra do navegador.",
    add: "Escolha «Adicionar à Tela de Início».",
    confirm: "Toque em «Adicionar» e abra o Atendente pelo ícone novo.",
  },
  update: {
    title: "Nova versão disponível",
    about: "O que você está escrevendo fica guardado.",
    take: "Atualizar",
  },
} as const;
