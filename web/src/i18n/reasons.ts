/** Why a field's value is refused; loaded with the forms. */

export const reasons = {
  empty: "Preencha este campo.",
  required: "Este campo é obrigatório.",
  too_long: "O texto é longo demais.",
  wrong_kind: "Este valor não serve para este campo.",
  not_a_number: "Digite um número, como 1234,5.",
  not_a_date: "Esta data não existe.",
  in_the_future: "A data não pode estar no futuro.",
  too_long_ago: "A data é antiga demais.",
  cpf_invalid: "CPF inválido: confira os números.",
  rg_invalid: "RG inválido: use letras, números, ponto e hífen.",
  email_invalid: "E-mail inválido.",
  phone_invalid: "Telefone inválido. Se for de outro país, comece com + e o código.",
  url_invalid: "Endereço inválido: use um link http ou https.",
  not_an_option: "Escolha uma das opções.",
  image_missing: "A imagem não chegou ao servidor. Envie de novo.",
  inactive: "Este campo está desativado.",
  unknown: "Este campo não existe mais.",
} as const;
