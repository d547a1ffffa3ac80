/**
 * What Meta's error codes mean and what to do, loaded with the card that says it (CHAT-5).
 * A family of codes shares a sentence through lib/failures.ts.
 */

export const failures = {
  "0": {
    cause: "A Meta não conseguiu confirmar o acesso deste canal.",
    next: "Gere um novo token na Meta e cole em «Token de Acesso», na página «Canais».",
  },
  "1": {
    cause: "A Meta não entendeu o pedido ou teve um problema passageiro.",
    next: "Tente novamente. Se repetir, veja a página de estado da plataforma WhatsApp.",
  },
  "2": {
    cause: "O serviço da Meta está fora do ar ou sobrecarregado.",
    next: "Espere alguns minutos e tente novamente.",
  },
  "3": {
    cause: "Falta uma permissão ao aplicativo conectado à Meta.",
    next: "Peça a quem administra a agência para conceder novamente o acesso ao canal.",
  },
  "4": {
    cause: "O aplicativo atingiu o limite de chamadas da Meta.",
    next: "Espere cerca de uma hora e tente novamente.",
  },
  "17": {
    cause: "O limite de pedidos à Meta foi atingido.",
    next: "Espere alguns minutos e tente novamente.",
  },
  "33": {
    cause: "O número conectado a este canal foi removido ou não é o certo.",
    next: "Confira o número do canal nas configurações.",
  },
  "100": {
    cause: "A Meta não aceitou um dos dados da mensagem.",
    next: "Confira o número do contato e o texto, e tente novamente.",
  },
  "190": {
    cause: "Error validating access token",
    next: "O token do canal não é mais válido. Gere um novo na Meta e cole em «Token de Acesso», na página «Canais».",
  },
  "368": {
    cause: "A Meta restringiu esta conta por violação das políticas.",
    next: "Abra a Qualidade da Conta no Gerenciador de Negócios e peça revisão.",
  },
  "551": {
    cause: "Esta pessoa não pode receber mensagens no momento.",
    next: "Ela pode ter desativado a conta ou bloqueado a página. Tente novamente mais tarde.",
  },
  "900": {
    cause: "Este canal está desativado na agência: nada sai por ele.",
    next: "Peça a quem administra a agência que ative o canal e envie de novo.",
  },
  "2018300": {
    cause: "Outro aplicativo está atendendo esta conversa na Meta.",
    next: "Devolva a conversa na caixa de entrada da Meta e tente novamente.",
  },
  "9000001": {
    cause: "A mensagem respondida foi apagada.",
    next: "Envie de novo sem responder àquela mensagem.",
  },
  "80007": {
    cause: "A conta do WhatsApp atingiu o limite de pedidos.",
    next: "Espere alguns minutos e tente novamente.",
  },
  "130403": {
    cause: "Este contato está bloqueado no WhatsApp da empresa.",
    next: "Desbloqueie o contato antes de escrever.",
  },
  "130429": {
    cause: "Muitas mensagens foram enviadas ao mesmo tempo por este número.",
    next: "Espere um minuto e tente novamente.",
  },
  "130472": {
    cause:
      "A Meta incluiu este contato em um experimento e não entrega mensagens de marketing a ele.",
    next: "Espere o contato escrever, ou use um template de utilidade.",
  },
  "130497": {
    cause: "Sua empresa não pode enviar mensagens para o país deste contato.",
    next: "Não há como enviar. Fale com o contato por outro canal.",
  },
  "131000": {
    cause: "A Meta teve uma falha que não explicou.",
    next: "Tente novamente. Se repetir, espere alguns minutos.",
  },
  "131005": {
    cause: "O acesso foi negado: falta uma permissão ou ela foi retirada.",
    next: "Peça a quem administra a agência para conceder novamente o acesso ao canal.",
  },
  "131008": {
    cause: "Faltou um dado obrigatório na mensagem.",
    next: "Confira o conteúdo e envie uma nova mensagem.",
  },
  "131009": {
    cause: "Um dado da mensagem não é aceito pela Meta.",
    next: "Confira o conteúdo e o número do contato, e envie uma nova mensagem.",
  },
  "131016": {
    cause: "Um serviço da Meta está indisponível por um momento.",
    next: "Espere um pouco e tente novamente.",
  },
  "131021": {
    cause: "O contato tem o mesmo número que está enviando.",
    next: "Escreva para um número diferente do número do canal.",
  },
  "131026": {
    cause:
      "A mensagem não pôde ser entregue: o número pode não ter WhatsApp, usar uma versão antiga ou não ter aceitado os termos.",
    next: "Confirme o número com o contato por outro meio e peça que atualize o WhatsApp.",
  },
  "131030": {
    cause: "O canal usa um número de teste, e este contato não está na lista permitida.",
    next: "Inclua o contato na lista de destinatários de teste, na Meta.",
  },
  "131031": {
    cause: "A conta do WhatsApp foi bloqueada, ou o PIN informado não confere.",
    next: "Abra a Qualidade da Conta no Gerenciador de Negócios para ver o motivo.",
  },
  "131037": {
    cause: "O nome de exibição deste número ainda não foi aprovado.",
    next: "Peça a aprovação do nome de exibição no Gerenciador do WhatsApp.",
  },
  "131042": {
    cause: "Há um problema de pagamento na conta da Meta.",
    next: "Confira a forma de pagamento no Gerenciador de Negócios e tente novamente.",
  },
  "131045": {
    cause: "O número deste canal não está registrado corretamente.",
    next: "Registre o número novamente nas configurações do canal.",
  },
  "131047": {
    cause: "Passaram mais de 24 horas desde a última mensagem do contato.",
    next: "Envie uma Mensagem Template; quando o contato responder, a conversa volta a ser livre.",
  },
  "131048": {
    cause: "A Meta limitou este número por suspeita de spam.",
    next: "Reduza os envios e confira a qualidade do número no Gerenciador do WhatsApp.",
  },
  "131049": {
    cause: "A Meta segurou esta mensagem de marketing para não incomodar o contato.",
    next: "Espere pelo menos 24 horas antes de tentar novamente.",
  },
  "131050": {
    cause: "O contato pediu para não receber mensagens de marketing.",
    next: "Não envie marketing a este contato; use um template de utilidade se for necessário.",
  },
  "131051": {
    cause: "Este tipo de mensagem não é aceito pelo WhatsApp.",
    next: "Envie o conteúdo de outra forma, por exemplo como texto.",
  },
  "131052": {
    cause: "O arquivo enviado pelo contato não pôde ser baixado.",
    next: "Peça ao contato que envie o arquivo novamente.",
  },
  "131053": {
    cause: "O arquivo não pôde ser processado: o formato ou o tamanho não é aceito.",
    next: "Converta ou reduza o arquivo e envie de novo.",
  },
  "131055": {
    cause: "Esta forma de envio não é permitida para este número.",
    next: "Fale com quem administra a agência.",
  },
  "131056": {
    cause: "Muitas mensagens seguidas para o mesmo contato.",
    next: "Espere um minuto e tente novamente.",
  },
  "131057": {
    cause: "A conta do WhatsApp está em manutenção.",
    next: "Espere um ou dois minutos e tente novamente.",
  },
  "131062": {
    cause: "Este contato usa só nome de usuário, e esta mensagem precisa do número de telefone.",
    next: "Peça o número ao contato ou envie uma mensagem comum.",
  },
  "131063": {
    cause: "Mensagens de marketing estão desativadas para esta conta.",
    next: "Ative o marketing no Gerenciador do WhatsApp ou use um template de utilidade.",
  },
  "131064": {
    cause: "A conta atingiu um limite por templates classificados de forma errada.",
    next: "Espere a liberação e corrija a categoria dos templates.",
  },
  "132000": {
    cause: "O número de variáveis não é o que o template pede.",
    next: "Preencha todas as variáveis do template e envie de novo.",
  },
  "132001": {
    cause: "O template não existe nesse idioma ou ainda não foi aprovado.",
    next: "Escolha outro template ou confira o nome e o idioma.",
  },
  "132005": {
    cause: "O texto do template ficou longo demais com as variáveis.",
    next: "Encurte os valores das variáveis.",
  },
  "132007": {
    cause: "O conteúdo do template viola uma política da Meta.",
    next: "Edite o template e envie-o para nova aprovação.",
  },
  "132008": {
    cause: "Uma variável do template tem valor inválido.",
    next: "Confira os valores das variáveis.",
  },
  "132012": {
    cause: "Uma variável do template está em formato diferente do pedido.",
    next: "Confira o formato das variáveis.",
  },
  "132015": {
    cause: "O template está pausado por baixa qualidade.",
    next: "Use outro template ou edite este e espere a aprovação.",
  },
  "132016": {
    cause: "O template foi desativado definitivamente por baixa qualidade.",
    next: "Crie um novo template com outro conteúdo.",
  },
  "132068": {
    cause: "O fluxo da Meta usado na mensagem está bloqueado.",
    next: "Corrija o fluxo na Meta antes de enviar de novo.",
  },
  "132069": {
    cause: "O fluxo da Meta usado na mensagem atingiu o limite de envios.",
    next: "Espere cerca de uma hora e tente novamente.",
  },
  "133000": {
    cause: "O registro anterior deste número não terminou de ser desfeito.",
    next: "Espere alguns minutos e registre o número novamente.",
  },
  "133004": {
    cause: "O servidor de registro da Meta está indisponível.",
    next: "Espere alguns minutos e tente novamente.",
  },
  "133005": {
    cause: "O PIN de duas etapas do número não confere.",
    next: "Confira o PIN nas configurações do canal.",
  },
  "133006": {
    cause: "O número precisa ser verificado novamente.",
    next: "Verifique o número na Meta e registre-o de novo.",
  },
  "133008": {
    cause: "O PIN foi informado errado muitas vezes.",
    next: "Espere o tempo indicado pela Meta antes de tentar novamente.",
  },
  "133009": {
    cause: "O PIN foi informado rápido demais.",
    next: "Espere um pouco e tente novamente.",
  },
  "133010": {
    cause: "O número deste canal não está registrado na plataforma do WhatsApp.",
    next: "Registre o número nas configurações do canal.",
  },
  "133015": {
    cause: "O número acabou de ser removido e ainda não pode voltar.",
    next: "Espere 5 minutos e registre-o novamente.",
  },
  "133016": {
    cause: "O número foi registrado e removido muitas vezes.",
    next: "Espere 72 horas antes de registrá-lo de novo.",
  },
  "134011": {
    cause: "Os termos de pagamento do WhatsApp não foram aceitos.",
    next: "Aceite os termos de pagamento na Meta.",
  },
  "135000": {
    cause: "A Meta recusou a mensagem sem dizer o motivo.",
    next: "Confira o conteúdo e envie uma nova mensagem.",
  },
  "137000": {
    cause: "A identidade do contato no WhatsApp mudou.",
    next: "Confirme com o contato que é ele mesmo e envie de novo.",
  },
  "139100": {
    cause: "Não foi possível bloquear ou desbloquear este contato no WhatsApp.",
    next: "Tente novamente. Se repetir, confira a lista de bloqueados na Meta.",
  },
  "139101": {
    cause: "A lista de contatos bloqueados do WhatsApp está cheia.",
    next: "Desbloqueie contatos antigos antes de bloquear outros.",
  },
  "139102": {
    cause: "A lista de bloqueados mudou ao mesmo tempo em outro lugar.",
    next: "Tente novamente.",
  },
  "139103": {
    cause: "A Meta teve uma falha ao bloquear ou desbloquear.",
    next: "Espere um pouco e tente novamente.",
  },
  "147001": {
    cause: "Há um problema com o nome de usuário da empresa no WhatsApp.",
    next: "Confira o nome de usuário no Gerenciador do WhatsApp.",
  },
  "2388": {
    cause: "O template não pôde ser criado ou migrado.",
    next: "Confira o template no Gerenciador do WhatsApp.",
  },
  window: {
    cause: "Já passou o prazo para escrever a esta pessoa neste canal.",
    next: "Só ela pode reabrir a conversa, escrevendo de novo.",
  },
  legacy: {
    cause: "A Meta recusou a mensagem com um código antigo.",
    next: "Tente novamente. Se repetir, copie o código e fale com o suporte.",
  },
  other: {
    cause: "A Meta recusou a mensagem com um código que ainda não conhecemos.",
    next: "Tente novamente. Se repetir, copie o código e veja a página de erros da Meta.",
  },
} as const;
