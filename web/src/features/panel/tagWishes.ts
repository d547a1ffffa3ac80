/** Tags as they will be once what was clicked is granted. */

/** By tag id: whether it shall be there. */
export type Wishes = Record<string, boolean>;

/** The tags with every wish granted; new ones last. */
export function afterWishes(tags: string[], wishes: Wishes): string[] {
  const kept = tags.filter((id) => wishes[id] !== false);
  const added = Object.keys(wishes).filter((id) => wishes[id] === true && !tags.includes(id));
  return [...kept, ...added];
}

/** The wishes that the tags do not yet meet; the same ones when that is all of them. */
export function withoutMet(wishes: Wishes, tags: string[]): Wishes {
  const open = Object.entries(wishes).filter(([id, there]) => tags.includes(id) !== there);
  return open.length === Object.keys(wishes).length ? wishes : Object.fromEntries(open);
}
