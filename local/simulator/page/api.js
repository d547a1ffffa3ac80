// Calls to the simulator's API.

/** The JSON answer; throws an Error with the simulator's sentence when it refuses. */
async function call(path, body, method = body === undefined ? "GET" : "POST") {
  const form = body instanceof FormData;
  const answer = await fetch(path, {
    method,
    headers: body === undefined || form ? {} : { "content-type": "application/json" },
    body: body === undefined || form ? body : JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error ?? answer.statusText);
  return content;
}

const at = (address) => `/contacts/${encodeURIComponent(address)}`;

export const api = {
  health: () => call("/health"),
  contacts: () => call("/contacts"),
  saveContact: (contact) => call("/contacts", contact),
  thread: (address) => call(`${at(address)}/messages`),
  write: (address, message) => call(`${at(address)}/messages`, message),
  happen: (address, event) => call(`${at(address)}/events`, event),
  attach: (address, form) => call(`${at(address)}/media`, form),
  misbehaviour: () => call("/misbehave"),
  misbehave: (wishes) => call("/misbehave", wishes),
  deliveries: () => call("/deliveries"),
  retryNow: () => call("/deliveries", {}),
};
