/** What the administration pages and «Meu Perfil» say; loaded with them. */

export const administration = {};
