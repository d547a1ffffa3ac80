/** The permissions in the order in which people read them (PERM-1). */

export const CHAT_PERMISSIONS = ["1", "2", "3", "4", "5", "6"] as const;

export const GENERAL_PERMISSIONS = [
  "notes",
  "contacts",
  "blocking",
  "schedules",
  "broadcasts",
  "templates",
  "flows",
  "reports",
  "export",
  "support_code",
  "users",
  "settings",
] as const;

export type PermissionName =
  | (typeof CHAT_PERMISSIONS)[number]
  | (typeof GENERAL_PERMISSIONS)[number];

/** Given to who is invited, until another choice is made: the four tabs. */
export const USUAL: PermissionName[] = ["1", "2", "3", "4"];
