/** What «Configurações do Chat» and its windows say; loaded with them. */

export const panel = {};
