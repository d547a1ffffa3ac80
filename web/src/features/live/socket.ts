/**
 * The live connection: ticket, hello, ready, ping; it comes back by itself (LIVE-3). It says where
 * the agent is, and whether they see the page: that decides how they are told of things (NOTIF-1).
 */

import type {
  DeviceName,
  EventsFrame,
  Frame,
  LivePageName,
  LiveTicket,
  TabName,
} from "~/lib/api/types";

export type ConnectionState = "connecting" | "online" | "offline";

export const PING_VISIBLE_MS = 60_000;
export const PING_HIDDEN_MS = 4 * 60_000;
export const PONG_WITHIN_MS = 10_000;
export const READY_WITHIN_MS = 10_000;
export const SWITCH_WITHIN_MS = 2_000;
export const FIRST_DELAY_MS = 500;
export const LONGEST_DELAY_MS = 30_000;

export interface Subscription {
  /** Null: another page than the chats, which lists nothing. */
  tab: TabName | null;
  chat_id: string | null;
}

/** Where the agent is. */
export interface Presence {
  page: LivePageName;
  device: DeviceName;
  /** Whether the page can be seen now. */
  visible(): boolean;
}

/** The part of a WebSocket that is used. */
export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
}

export interface SocketWorld {
  ticket(): Promise<LiveTicket>;
  open(url: string): Wire;
  /** Fetches all that is shown; the connection counts as online once it has. */
  resync(): Promise<void>;
  onEvents(frame: EventsFrame): void;
  onState(state: ConnectionState): void;
  random(): number;
}

type Waiter = {
  subscription: Subscription;
  done: () => void;
  timer: ReturnType<typeof setTimeout>;
};

export class LiveSocket {
  state: ConnectionState = "connecting";
  private wire: Wire | null = null;
  private opened = false;
  private started = false;
  private attempt = 0;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private pinging: ReturnType<typeof setTimeout> | null = null;
  private pong: ReturnType<typeof setTimeout> | null = null;
  private waiters: Waiter[] = [];
  private settled: ((online: boolean) => void)[] = [];
  /** What the server was last told of the page's visibility. */
  private told: boolean | null = null;

  constructor(
    private readonly world: SocketWorld,
    private subscription: Subscription,
    private readonly presence: Presence,
  ) {}

  start(): void {
    if (this.started) return;
    this.started = true;
    void this.connect();
  }

  stop(): void {
    this.started = false;
    this.drop();
    this.clearRetry();
    this.settle(false);
  }

  /** Tries at once, whatever the back-off says; tells whether the desk is up to date again. */
  resync(): Promise<boolean> {
    return new Promise((resolve) => {
      this.settled.push(resolve);
      void this.connect();
    });
  }

  /** The browser says that the network is back, or the computer woke: try at once. */
  wake(): void {
    if (!this.started) return;
    if (this.state === "online") this.ping();
    else if (this.timer !== null || this.wire === null) void this.connect();
  }

  /** The page came into sight or went out of it, or is about to: the server hears it at once. */
  visibilityMoved(visible = this.presence.visible()): void {
    if (visible) this.wake();
    else if (this.started && this.state === "online") this.ping(false);
  }

  /** The browser says that the network is gone. */
  networkLost(): void {
    if (this.started && this.state !== "offline") this.lost();
  }

  /** Events of this tab and chat are wanted. Resolves when they follow, or after 2 s. */
  subscribe(subscription: Subscription): Promise<void> {
    this.subscription = subscription;
    if (!this.wire || !this.opened) return Promise.resolve();
    return this.hello(SWITCH_WITHIN_MS);
  }

  private hello(within: number): Promise<void> {
    const { subscription } = this;
    return new Promise((resolve) => {
      const waiter: Waiter = {
        subscription,
        done: () => {
          clearTimeout(waiter.timer);
          this.waiters = this.waiters.filter((other) => other !== waiter);
          resolve();
        },
        timer: setTimeout(() => waiter.done(), within),
      };
      this.waiters.push(waiter);
      this.greet();
    });
  }

  private greet(): void {
    const { page, device } = this.presence;
    this.told = this.presence.visible();
    const hello = { action: "hello", ...this.subscription, page, visible: this.told, device };
    this.wire?.send(JSON.stringify(hello));
  }

  private async connect(): Promise<void> {
    const attempt = this.beginAttempt();
    this.move("connecting");
    try {
      const { ticket, url } = await this.world.ticket();
      if (attempt !== this.attempt) return;
      const wire = this.world.open(`${url}?ticket=${encodeURIComponent(ticket)}`);
      this.wire = wire;
      await this.readied(wire, attempt);
      if (attempt !== this.attempt) return;
      await this.world.resync();
      if (attempt !== this.attempt) return;
      this.failures = 0;
      this.move("online");
      if (this.told === this.presence.visible()) this.schedulePing();
      else this.ping();
      this.settle(true);
    } catch {
      if (attempt === this.attempt && this.started) this.lost();
    }
  }

  private beginAttempt(): number {
    this.drop();
    this.clearRetry();
    return this.attempt;
  }

  /** Resolves at `ready`; rejects when the wire closes first or nothing comes in time. */
  private readied(wire: Wire, attempt: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no ready")), READY_WITHIN_MS);
      const fail = () => {
        clearTimeout(late);
        reject(new Error("closed"));
        if (attempt === this.attempt && this.state === "online") this.lost();
      };
      let greeted = false;
      wire.onopen = () => {
        if (attempt !== this.attempt) return;
        this.opened = true;
        this.greet();
      };
      wire.onclose = () => {
        if (attempt !== this.attempt) return;
        if (greeted && this.state !== "online") this.lost();
        else fail();
      };
      wire.onerror = wire.onclose;
      wire.onmessage = (message) => {
        if (attempt !== this.attempt) return;
        const frame = read(message.data);
        if (frame?.type === "ready" && sameSubscription(frame, this.subscription)) {
          greeted = true;
          clearTimeout(late);
          resolve();
        }
        if (frame) this.receive(frame);
      };
    });
  }

  private receive(frame: Frame): void {
    this.clearPong();
    if (frame.type === "events") this.world.onEvents(frame);
    else if (frame.type === "ready") {
      for (const waiter of this.waiters) {
        if (sameSubscription(frame, waiter.subscription)) waiter.done();
      }
    }
  }

  private lost(): void {
    this.drop();
    this.move("offline");
    this.settle(false);
    if (!this.started) return;
    const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    this.clearRetry();
    this.timer = setTimeout(
      () => void this.connect(),
      longest / 2 + (this.world.random() * longest) / 2,
    );
  }

  /** Ends the wire in hand; whatever it still says is not listened to. */
  private drop(): void {
    this.attempt += 1;
    this.opened = false;
    const { wire } = this;
    this.wire = null;
    if (wire) {
      wire.onopen = wire.onmessage = wire.onclose = wire.onerror = null;
      wire.close();
    }
    for (const waiter of this.waiters) waiter.done();
    this.clearPong();
    if (this.pinging !== null) clearTimeout(this.pinging);
    this.pinging = null;
  }

  private ping(visible = this.presence.visible()): void {
    if (!this.wire || (this.pong !== null && visible === this.told)) return;
    this.told = visible;
    this.wire.send(JSON.stringify({ action: "ping", visible }));
    this.pong ??= setTimeout(() => this.lost(), PONG_WITHIN_MS);
    this.schedulePing();
  }

  private schedulePing(): void {
    if (this.pinging !== null) clearTimeout(this.pinging);
    const every = this.told ? PING_VISIBLE_MS : PING_HIDDEN_MS;
    this.pinging = setTimeout(() => this.ping(), every);
  }

  private clearPong(): void {
    if (this.pong !== null) clearTimeout(this.pong);
    this.pong = null;
  }

  private clearRetry(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private settle(online: boolean): void {
    const waiting = this.settled;
    this.settled = [];
    for (const resolve of waiting) resolve(online);
  }

  private move(state: ConnectionState): void {
    if (state === this.state) return;
    this.state = state;
    this.world.onState(state);
  }
}

function read(data: unknown): Frame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    const type = (frame as Frame | null)?.type;
    return type === "events" || type === "ready" || type === "pong" ? (frame as Frame) : null;
  } catch {
    return null;
  }
}

function sameSubscription(a: Subscription, b: Subscription): boolean {
  return a.tab === b.tab && a.chat_id === b.chat_id;
}
