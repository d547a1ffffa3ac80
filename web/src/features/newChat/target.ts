/** The parameter of an address that names a contact by phone (NEW-4). */
export const TARGET = "target_phone";
