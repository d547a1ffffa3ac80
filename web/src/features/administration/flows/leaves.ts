/** What a JSON text holds, place by place: «cliente.telefone», «itens.0.nome» (FLOW-10). */

export interface Leaf {
  path: string;
  value: string;
}

export const MOST_LEAVES = 200;

/** The places that have a text, a number or a yes or no; nothing of what is no JSON, or was cut. */
export function leavesOf(body: string): Leaf[] {
  let read: unknown;
  try {
    read = JSON.parse(body);
  } catch {
    return [];
  }
  const found: Leaf[] = [];
  const walk = (value: unknown, path: string): void => {
    if (found.length >= MOST_LEAVES) return;
    if (typeof value === "object" && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        // A name with a dot or a space has no path that leads to it.
        if (/^[^\s.]{1,80}$/.test(name)) walk(one, path === "" ? name : `${path}.${name}`);
      }
    } else if (value !== null && path !== "") {
      found.push({ path, value: String(value) });
    }
  };
  walk(read, "");
  return found;
}

/** Whether it is a place as webhooks take it. */
export function isPath(path: string): boolean {
  return /^[^\s.]{1,80}(\.[^\s.]{1,80}){0,9}$/.test(path);
}

/** The text with its lines and indents; as it came where it is no JSON. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
