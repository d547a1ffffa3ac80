/** What «Novo chat» says; loaded with it. */

export const newChat = {};
