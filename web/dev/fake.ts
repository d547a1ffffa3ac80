/** A stack in memory for working on the page alone: `npm run dev:fake`. Not part of what is built. */

import { createHash } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import { type WebSocket, WebSocketServer } from "ws";
import type {
  Channel,
  Chat,
  ChatRow,
  DeskEvent,
  Message,
  OrderName,
  StatusName,
  TabName,
} from "../src/lib/api/types";

const ME = "agent-1";
const TABS: TabName[] = ["all", "open", "mine", "in_service"];
const ACCOUNT = "106540352242922";
const FIRST = [
  "Ana",
  "Bruno",
  "Carla",
  "Diego",
  "Eduarda",
  "Fábio",
  "Gabriela",
  "Henrique",
  "Íris",
  "João",
  "Karina",
  "Luís",
  "Mariana",
  "Nelson",
  "Olívia",
  "Paulo",
  "Quitéria",
  "Rafael",
  "Sônia",
  "Tiago",
];
const LAST = [
  "Albuquerque",
  "Barbosa",
  "Cardoso",
  "Dias",
  "Esteves",
  "Ferreira",
  "Gonçalves",
  "Holanda",
  "Lima",
  "Moura",
  "Nascimento",
  "Oliveira",
  "Pereira",
  "Queiroz",
  "Ribeiro",
  "Souza",
];
const LINES = [
  "Bom dia! Gostaria de saber o prazo de entrega do meu pedido.",
  "Vocês abrem no sábado?",
  "Obrigada, deu certo 😊",
  "Pode me enviar a segunda via do boleto?",
  "O endereço mudou: Rua das Acácias, 120, apto 42.",
  "Perfeito, fico no aguardo.",
  "Quanto fica o frete para Curitiba?",
  "Ainda não recebi a confirmação. Podem verificar, por favor? Fiz o pagamento ontem à tarde pelo aplicativo do banco e apareceu como concluído.",
  "Ok!",
  "Segue o link do anúncio: https://www.exemplo.com.br/produtos/cadeira-ergonomica?cor=preta",
];
const ANSWERS = [
  "Olá! Claro, vou verificar para você.",
  "O prazo é de 3 a 5 dias úteis depois da confirmação do pagamento.",
  "Sim, aos sábados das 9h às 13h.",
  "Pronto, acabei de enviar por aqui.",
  "Posso ajudar em algo mais?",
];

interface Record_ {
  row: ChatRow;
  rev: number;
  protocol: string | null;
  endsAt: string | null;
  unreadFrom: string | null;
  messages: Message[];
}

let seed = 7;
function random(): number {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
}
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const iso = (at: number) => new Date(at).toISOString();
const keyAt = (at: number, salt: string) =>
  `${String(at).padStart(13, "0")}-${createHash("sha256").update(salt).digest("hex").slice(0, 16)}`;

function message(at: number, salt: string, fields: Partial<Message>): Message {
  return {
    key: keyAt(at, salt),
    rev: 1,
    kind: "text",
    raw_kind: null,
    author: "contact",
    line: null,
    agent_id: null,
    author_name: null,
    text: "",
    at: iso(at),
    status: null,
    failure: null,
    retry_of: null,
    retried_by: null,
    client_key: null,
    ...fields,
  };
}

const AGENTS = [
  { agent_id: ME, name: "Marina Teles", active: true },
  { agent_id: "agent-2", name: "Rodrigo Sampaio", active: true },
  { agent_id: "agent-3", name: "Beatriz Nogueira", active: true },
];
const DEPARTMENTS = [
  { department_id: "dep-1", name: "Vendas", active: true },
  { department_id: "dep-2", name: "Suporte", active: true },
  { department_id: "dep-3", name: "Financeiro e cobrança", active: true },
];
const channels: Channel[] = [
  { channel: "whatsapp", account: ACCOUNT, display: "+55 11 4000-1234", problem: null },
];

const ODD = [
  "مريم عبد الله",
  "Família Souza 👨‍👩‍👧‍👦 (não ligar depois das 22h, por favor)",
  "<b>Zé</b><script>alert(1)</script>",
  "Maria Aparecida dos Santos Figueiredo de Albuquerque e Melo Neto",
];

function makeChat(index: number, now: number): Record_ {
  const name = ODD[index - 3] ?? `${pick(FIRST)} ${pick(LAST)}`;
  const chatId = `chat-${String(index).padStart(5, "0")}`;
  const last =
    now - (index === 3 ? 600_000 : 0) - Math.floor(index ** 1.7 * 45_000 + random() * 40_000);
  const assigned =
    index % 3 === 0 ? ME : index % 5 === 0 ? "agent-2" : index % 7 === 0 ? "agent-3" : null;
  const department = index % 4 === 0 ? pick(DEPARTMENTS).department_id : null;
  const open = assigned !== null || department !== null || index % 2 === 0;
  const unread = index % 4 === 1 && index < 90 ? 1 + Math.floor(random() * 4) : 0;
  const count = index === 0 ? 400 : 6 + Math.floor(random() * 30);
  const messages: Message[] = [];
  let at = last - (count - 1) * 6 * 60_000;
  for (let n = 0; n < count; n += 1, at += 6 * 60_000) {
    const mine = n < count - unread && n % 3 === 2;
    const who = assigned ?? ME;
    messages.push(
      message(
        at,
        `${chatId}${n}`,
        mine
          ? {
              author: "agent",
              agent_id: who,
              author_name: AGENTS.find((a) => a.agent_id === who)?.name ?? null,
              text: pick(ANSWERS),
              status: n > count - 6 ? pick(["sent", "delivered", "read"]) : "read",
            }
          : { author_name: name, text: pick(LINES) },
      ),
    );
  }
  if (index === 3) {
    const put = (fields: Partial<Message>) => {
      at += 40_000;
      messages.push(message(at, `${chatId}x${at}`, fields));
    };
    const mine = { author: "agent" as const, agent_id: ME, author_name: "Marina Teles" };
    put({ author_name: name, text: "مرحبا، أريد أن أسأل عن طلبي رقم 12345 من فضلكم" });
    put({ author_name: name, kind: "image", text: "A caixa chegou assim" });
    put({ author_name: name, kind: "audio", text: "" });
    put({ author_name: name, kind: "unsupported", raw_kind: "poll_creation", text: "" });
    put({
      ...mine,
      text: "Poderia me enviar o número do pedido?",
      status: "failed",
      failure: {
        code: 131047,
        title: "Re-engagement message",
        details:
          "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
      },
    });
    put({ ...mine, text: "Enviamos hoje mesmo uma nova unidade.", status: "unknown" });
    put({
      ...mine,
      text: "Qualquer dúvida estou por aqui.",
      status: "failed",
      failure: { code: 190, title: "Error validating access token", details: null },
    });
    put({
      ...mine,
      author: "device",
      agent_id: null,
      author_name: null,
      text: "Respondido pelo celular da loja.",
      status: "read",
    });
    put({ author_name: name, text: "👍" });
  }
  const final = messages[messages.length - 1] as Message;
  const finalAt = Date.parse(final.at);
  const lastContact = messages.findLast((m) => m.author === "contact");
  return {
    row: {
      chat_id: chatId,
      row_rev: 1,
      channel: "whatsapp",
      account: ACCOUNT,
      name,
      phone: `55119${String(80_000_000 + index * 37).padStart(8, "0")}`,
      username: null,
      preview: final.text.slice(0, 80),
      preview_kind: final.kind,
      preview_author: final.author,
      last_activity_at: iso(finalAt),
      opened_at: open ? iso(finalAt - 3_600_000) : null,
      closed: !open,
      agent_id: open ? assigned : null,
      department_id: open ? department : null,
      unread,
      blocked: index === 8,
      tags: [],
      session_ends_at: lastContact ? iso(Date.parse(lastContact.at) + 86_400_000) : null,
    },
    rev: 1,
    protocol: open ? `2026${String(100_000 + index)}` : null,
    endsAt: lastContact ? iso(Date.parse(lastContact.at) + 86_400_000) : null,
    unreadFrom: unread ? (messages[messages.length - unread]?.key ?? null) : null,
    messages,
  };
}

const chats = new Map<string, Record_>();
const sockets = new Map<WebSocket, { tab: TabName; chat_id: string | null }>();
let down = false;

function tabsOf(row: ChatRow): TabName[] {
  const tabs: TabName[] = ["all"];
  if (!row.closed && (row.department_id !== null || row.agent_id === null)) tabs.push("open");
  if (!row.closed && row.agent_id === ME) tabs.push("mine");
  if (!row.closed && row.agent_id !== null) tabs.push("in_service");
  return tabs;
}

function chatOf(record: Record_): Chat {
  const left = record.endsAt === null ? null : Date.parse(record.endsAt) - Date.now();
  const state =
    left === null ? "none" : left <= 0 ? "expired" : left < 1_800_000 ? "expiring" : "open";
  return {
    row: record.row,
    rev: record.rev,
    protocol: record.protocol,
    session: { state, ends_at: record.endsAt },
    unread_from: record.unreadFrom,
    profile_rev: 0,
  };
}

function counts(): Record<string, number> {
  const by: Record<string, number> = { all: 0, open: 0, mine: 0, in_service: 0 };
  for (const { row } of chats.values()) for (const tab of tabsOf(row)) by[tab] = (by[tab] ?? 0) + 1;
  return Object.fromEntries(Object.entries(by).map(([tab, count]) => [tab, Math.min(100, count)]));
}

/** Changes a chat as a commit would, and publishes what changed. */
function change(record: Record_, touched: Message[], fields: Partial<ChatRow>): void {
  const before = tabsOf(record.row);
  record.rev += 1;
  for (const one of touched) one.rev = record.rev;
  const moved = Object.keys(fields).length > 0;
  if (moved) record.row = { ...record.row, ...fields, row_rev: record.rev };
  const after = tabsOf(record.row);
  for (const [socket, subscription] of sockets) {
    const events: DeskEvent[] = [];
    if (subscription.chat_id === record.row.chat_id) {
      for (const one of touched)
        events.push({ type: "message", chat_id: record.row.chat_id, message: { ...one } });
      events.push({
        type: "chat",
        chat_id: record.row.chat_id,
        rev: record.rev,
        touched: touched.map((m) => m.key),
        chat: chatOf(record),
      });
    }
    if (moved && (before.includes(subscription.tab) || after.includes(subscription.tab))) {
      events.push({
        type: "row",
        chat_id: record.row.chat_id,
        row_rev: record.rev,
        tabs: after,
        row: record.row,
      });
    }
    if (before.join() !== after.join()) {
      events.push({
        type: "counts",
        chat_id: record.row.chat_id,
        row_rev: record.rev,
        before,
        after,
      });
    }
    if (events.length > 0) socket.send(JSON.stringify({ type: "events", events }));
  }
}

function inbound(record: Record_, text: string): Message {
  const at = Date.now();
  const one = message(at, `${record.row.chat_id}${at}${text}`, {
    author_name: record.row.name,
    text,
  });
  record.messages.push(one);
  record.unreadFrom ??= one.key;
  record.endsAt = iso(at + 86_400_000);
  change(record, [one], {
    unread: record.row.unread + 1,
    preview: text.slice(0, 80),
    preview_kind: "text",
    preview_author: "contact",
    last_activity_at: iso(at),
  });
  return one;
}

function outbound(
  record: Record_,
  clientKey: string,
  text: string,
  retryOf: string | null,
): Message {
  const known = record.messages.find((m) => m.client_key === clientKey);
  if (known) return known;
  const at = Number(clientKey.slice(0, 13));
  const one = message(at, clientKey, {
    author: "agent",
    agent_id: ME,
    author_name: "Marina Teles",
    text,
    status: "queued",
    client_key: clientKey,
    retry_of: retryOf,
  });
  record.messages.push(one);
  record.messages.sort((a, b) => (a.key < b.key ? -1 : 1));
  const touched = [one];
  const old = record.messages.find((m) => m.key === retryOf);
  if (old) {
    old.retried_by = one.key;
    touched.push(old);
  }
  change(record, touched, {
    preview: text.slice(0, 80),
    preview_kind: "text",
    preview_author: "agent",
    last_activity_at: iso(at),
    closed: false,
    agent_id: record.row.agent_id ?? ME,
    opened_at: record.row.opened_at ?? iso(at),
  });
  const failing = /falha (\d+)/.exec(text);
  const steps: StatusName[] = failing ? ["failed"] : ["sent", "delivered", "read"];
  steps.forEach((status, index) => {
    setTimeout(
      () => {
        one.status = status;
        if (failing) one.failure = { code: Number(failing[1]), title: "Simulated", details: null };
        change(record, [one], {});
      },
      500 * (index + 1),
    );
  });
  return one;
}

function list(search: URLSearchParams) {
  const tab = (search.get("tab") ?? "all") as TabName;
  const order = (search.get("order") ?? "newest") as OrderName;
  const limit = Number(search.get("limit") ?? 30);
  const field = order.startsWith("opened") ? "opened_at" : "last_activity_at";
  const sign = order.endsWith("newest") ? -1 : 1;
  const place = (row: ChatRow) => `${row[field]}|${row.chat_id}`;
  const rows = [...chats.values()]
    .map((record) => record.row)
    .filter((row) => row[field] !== null && tabsOf(row).includes(tab))
    .filter((row) => search.get("unread") !== "true" || row.unread > 0)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1) * sign);
  const cursor = search.get("cursor");
  const from = cursor
    ? rows.findIndex((row) => (place(row) < cursor ? -1 : place(row) > cursor ? 1 : 0) * sign > 0)
    : 0;
  const page = from < 0 ? [] : rows.slice(from, from + limit);
  const last = page[page.length - 1];
  return { chats: page, cursor: last && from + limit < rows.length ? place(last) : null };
}

function pageOf(record: Record_, search: URLSearchParams) {
  const limit = Number(search.get("limit") ?? 50);
  const before = search.get("before");
  const after = search.get("after");
  const all = record.messages;
  let from: number;
  let to: number;
  if (after) {
    from = all.findIndex((m) => m.key > after);
    if (from < 0) from = all.length;
    to = Math.min(all.length, from + limit);
  } else {
    const end = before ? all.findIndex((m) => m.key >= before) : all.length;
    to = end < 0 ? all.length : end;
    from = Math.max(0, to - limit);
  }
  const messages = all.slice(from, to);
  return {
    messages,
    before: from > 0 ? (messages[0]?.key ?? null) : null,
    after: to < all.length ? (messages[messages.length - 1]?.key ?? null) : null,
  };
}

type Reply = { status: number; body: unknown };
const ok = (body: unknown): Reply => ({ status: 200, body });
const refuse = (status: number, code: string): Reply => ({ status, body: { code } });

function answer(method: string, url: URL, body: Record<string, string>): Reply {
  const { pathname, searchParams } = url;
  if (pathname === "/api/me") {
    return ok({
      agent: {
        agent_id: ME,
        name: "Marina Teles",
        email: "marina@lojaexemplo.com.br",
        permissions: ["chat_1"],
        department_ids: ["dep-1"],
      },
      tabs: TABS,
      agency: { name: "Loja Exemplo", time_zone: "America/Sao_Paulo" },
      agents: AGENTS,
      departments: DEPARTMENTS,
      channels,
      tags: [],
      fields: [],
      server_now: iso(Date.now()),
    });
  }
  if (pathname === "/api/chats") return ok(list(searchParams));
  if (pathname === "/api/counts") return ok({ counts: counts() });
  if (pathname === "/api/live/ticket") {
    return ok({
      ticket: "fake",
      url: `ws://${url.host}/fake-live`,
      expires_at: iso(Date.now() + 30_000),
    });
  }
  const parts = pathname.split("/").map(decodeURIComponent);
  const record = parts[2] === "chats" ? chats.get(parts[3] ?? "") : undefined;
  if (!record) return refuse(404, "not_found");
  if (parts.length === 4)
    return ok({ chat: chatOf(record), page: pageOf(record, new URLSearchParams()) });
  if (parts[4] === "read" && method === "PUT") {
    const newer = record.messages.some((m) => m.author === "contact" && m.key > (body.up_to ?? ""));
    if (!newer && record.row.unread > 0) {
      record.unreadFrom = null;
      change(record, [], { unread: 0 });
    }
    return ok({ unread: record.row.unread, rev: record.rev });
  }
  if (parts[4] === "messages" && method === "GET") return ok(pageOf(record, searchParams));
  if (parts[4] === "messages" && method === "POST") {
    if (record.row.blocked) return refuse(409, "contact_blocked");
    const old = record.messages.find((m) => m.key === parts[5]);
    if (body.text?.includes("recusa")) return refuse(409, "session_closed");
    const one = outbound(
      record,
      body.client_key ?? "",
      old?.text ?? body.text ?? "",
      old?.key ?? null,
    );
    return ok({ message: one, rev: record.rev });
  }
  return refuse(404, "not_found");
}

function admin(pathname: string, body: Record<string, string>): Reply {
  if (pathname === "/fake/inbound") {
    const record = chats.get(body.chat_id ?? "");
    return record ? ok(inbound(record, body.text ?? "Oi")) : refuse(404, "not_found");
  }
  if (pathname === "/fake/down") {
    down = true;
    for (const socket of sockets.keys()) socket.terminate();
    return ok({});
  }
  if (pathname === "/fake/up") {
    down = false;
    return ok({});
  }
  if (pathname === "/fake/problem") {
    const channel = {
      ...(channels[0] as Channel),
      problem: (body.problem || null) as Channel["problem"],
    };
    channels[0] = channel;
    for (const socket of sockets.keys()) {
      socket.send(JSON.stringify({ type: "events", events: [{ type: "channel", channel }] }));
    }
    return ok({});
  }
  return refuse(404, "not_found");
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

async function serve(request: IncomingMessage, response: ServerResponse, next: () => void) {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const send = ({ status, body }: Reply) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (url.pathname === "/config.json") {
    send(
      ok({
        live: `ws://${url.host}/fake-live`,
        login: { endpoint: null, region: "sa-east-1", user_pool_id: "fake", client_id: "fake" },
        agency: "Loja Exemplo",
        time_zone: "America/Sao_Paulo",
      }),
    );
  } else if (url.pathname.startsWith("/fake/")) {
    send(admin(url.pathname, await bodyOf(request)));
  } else if (url.pathname.startsWith("/api/")) {
    const body = await bodyOf(request);
    const wait = Number(process.env.FAKE_DELAY ?? 60);
    setTimeout(
      () => (down ? response.destroy() : send(answer(request.method ?? "GET", url, body))),
      wait,
    );
  } else {
    next();
  }
}

function listen(server: Server): void {
  const live = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!request.url?.startsWith("/fake-live")) return;
    if (down) {
      socket.destroy();
      return;
    }
    live.handleUpgrade(request, socket, head, (wire) => {
      wire.on("close", () => sockets.delete(wire));
      wire.on("message", (raw) => {
        const said = JSON.parse(String(raw));
        if (said.action === "ping") wire.send(JSON.stringify({ type: "pong" }));
        if (said.action === "hello") {
          sockets.set(wire, { tab: said.tab, chat_id: said.chat_id });
          wire.send(JSON.stringify({ type: "ready", tab: said.tab, chat_id: said.chat_id }));
        }
      });
    });
  });
}

export function fakeStack(): Plugin {
  const now = Date.now();
  const size = Number(process.env.FAKE_CHATS ?? 300);
  for (let index = 0; index < size; index += 1) {
    const record = makeChat(index, now);
    chats.set(record.row.chat_id, record);
  }
  const attach = (server: {
    httpServer: unknown;
    middlewares: { use(handler: typeof serve): void };
  }) => {
    server.middlewares.use(serve);
    listen(server.httpServer as Server);
  };
  return { name: "fake-stack", configureServer: attach, configurePreviewServer: attach };
}
