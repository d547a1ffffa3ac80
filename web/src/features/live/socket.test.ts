/** The live connection's life, on fake timers (LIVE-2, LIVE-3). */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  FIRST_DELAY_MS,
  LiveSocket,
  LONGEST_DELAY_MS,
  PING_HIDDEN_MS,
  PING_VISIBLE_MS,
  PONG_WITHIN_MS,
  READY_WITHIN_MS,
  type SocketWorld,
  SWITCH_WITHIN_MS,
  type Wire,
} from "./socket";

class FakeWire implements Wire {
  sent: { action: string; tab?: string; chat_id?: string | null; visible?: boolean }[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {}
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  pings() {
    return this.sent.filter(({ action }) => action === "ping");
  }
  says(frame: unknown) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  ready(tab = "all", chat_id: string | null = null) {
    this.onopen?.();
    this.says({ type: "ready", tab, chat_id });
  }
}

let wires: FakeWire[];
let states: string[];
let world: { [name in keyof SocketWorld]: ReturnType<typeof vi.fn> };
let socket: LiveSocket;
let visible: boolean;
const wire = () => wires[wires.length - 1] as FakeWire;
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  wires = [];
  states = [];
  visible = true;
  world = {
    ticket: vi.fn(async () => ({ ticket: "t/1", url: "wss://live", expires_at: "" })),
    open: vi.fn((url: string) => {
      wires.push(new FakeWire(url));
      return wire();
    }),
    resync: vi.fn(async () => {}),
    onEvents: vi.fn(),
    onState: vi.fn((state: string) => states.push(state)),
    random: vi.fn(() => 1),
  };
  socket = new LiveSocket(
    world as unknown as SocketWorld,
    { tab: "all", chat_id: null },
    { page: "chat", device: "browser", visible: () => visible },
  );
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

const HELLO = { action: "hello", page: "chat", visible: true, device: "browser" };
const PING = { action: "ping", visible: true };

async function online() {
  socket.start();
  await settle();
  wire().ready();
  await settle();
}

describe("coming online", () => {
  it("takes a ticket, says hello, waits for ready, fetches, and only then is online", async () => {
    socket.start();
    await settle();
    expect(wire().url).toBe("wss://live?ticket=t%2F1");
    wire().onopen?.();
    expect(wire().sent).toEqual([{ ...HELLO, tab: "all", chat_id: null }]);
    expect(world.resync).not.toHaveBeenCalled();
    wire().says({ type: "ready", tab: "all", chat_id: null });
    await settle();
    expect(world.resync).toHaveBeenCalledOnce();
    expect(states).toEqual(["online"]);
  });

  it("passes events on, and survives what is not a frame", async () => {
    await online();
    wire().onmessage?.({ data: "not json" });
    wire().says({ type: "from the future" });
    wire().says({ type: "events", events: [] });
    expect(world.onEvents).toHaveBeenCalledOnce();
  });

  it.each([
    ["no ticket", () => world.ticket.mockRejectedValue(new Error("no network"))],
    ["a failing fetch", () => world.resync.mockRejectedValue(new Error("no network"))],
  ])("goes offline with %s and tries again later", async (_, breakIt) => {
    breakIt();
    socket.start();
    await settle();
    wires[0]?.ready();
    await settle();
    expect(states.at(-1)).toBe("offline");
    const tries = world.ticket.mock.calls.length;
    await vi.advanceTimersByTimeAsync(FIRST_DELAY_MS);
    expect(world.ticket.mock.calls.length).toBe(tries + 1);
  });

  it("does not wait for ready for ever", async () => {
    socket.start();
    await settle();
    wire().onopen?.();
    await vi.advanceTimersByTimeAsync(READY_WITHIN_MS);
    expect(states).toEqual(["offline"]);
    expect(wire().closed).toBe(true);
  });
});

describe("losing the connection", () => {
  it("reconnects by itself, with growing pauses, and resyncs", async () => {
    await online();
    wire().onclose?.();
    expect(states.at(-1)).toBe("offline");
    world.ticket.mockRejectedValueOnce(new Error("down")).mockRejectedValueOnce(new Error("down"));
    await vi.advanceTimersByTimeAsync(FIRST_DELAY_MS);
    expect(world.ticket).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(FIRST_DELAY_MS * 2);
    expect(world.ticket).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(FIRST_DELAY_MS * 4);
    wire().ready();
    await settle();
    expect(states.at(-1)).toBe("online");
    expect(world.resync).toHaveBeenCalledTimes(2);
  });

  it("never pauses longer than half a minute", async () => {
    world.ticket.mockRejectedValue(new Error("down"));
    socket.start();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    const tries = world.ticket.mock.calls.length;
    await vi.advanceTimersByTimeAsync(LONGEST_DELAY_MS);
    expect(world.ticket.mock.calls.length).toBe(tries + 1);
  });

  it("tries at once when the network is back", async () => {
    await online();
    socket.networkLost();
    expect(states.at(-1)).toBe("offline");
    const tries = world.ticket.mock.calls.length;
    socket.wake();
    await settle();
    expect(world.ticket.mock.calls.length).toBe(tries + 1);
  });

  it("does not listen to the wire that it left", async () => {
    await online();
    const old = wire();
    const hear = old.onmessage;
    old.onclose?.();
    hear?.({ data: JSON.stringify({ type: "events", events: [] }) });
    expect(world.onEvents).not.toHaveBeenCalled();
  });

  it("stops for good when told to", async () => {
    await online();
    socket.stop();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(world.ticket).toHaveBeenCalledOnce();
    expect(wire().closed).toBe(true);
  });
});

describe("«Ressincronizar»", () => {
  it("says yes once everything is fetched", async () => {
    await online();
    wire().onclose?.();
    const answer = socket.resync();
    await settle();
    wire().ready();
    await expect(answer).resolves.toBe(true);
  });

  it("says no when the server cannot be reached (LIVE-2)", async () => {
    await online();
    wire().onclose?.();
    world.ticket.mockRejectedValue(new Error("no network"));
    await expect(socket.resync()).resolves.toBe(false);
  });
});

describe("keeping alive", () => {
  it("pings every minute and stays while it is answered", async () => {
    await online();
    await vi.advanceTimersByTimeAsync(PING_VISIBLE_MS);
    expect(wire().sent.at(-1)).toEqual(PING);
    wire().says({ type: "pong" });
    await vi.advanceTimersByTimeAsync(PONG_WITHIN_MS);
    expect(states.at(-1)).toBe("online");
  });

  it("pings every four minutes while it is hidden", async () => {
    visible = false;
    await online();
    await vi.advanceTimersByTimeAsync(PING_HIDDEN_MS - 1);
    expect(wire().pings()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(wire().pings()).toEqual([{ action: "ping", visible: false }]);
  });

  it("tells at once that it came into sight or went out of it, and then keeps that pace", async () => {
    await online();
    visible = false;
    socket.visibilityMoved();
    expect(wire().pings()).toEqual([{ action: "ping", visible: false }]);
    wire().says({ type: "pong" });
    await vi.advanceTimersByTimeAsync(PING_VISIBLE_MS);
    expect(wire().pings()).toHaveLength(1);
    visible = true;
    socket.visibilityMoved();
    expect(wire().pings().at(-1)).toEqual(PING);
    wire().says({ type: "pong" });
    await vi.advanceTimersByTimeAsync(PING_VISIBLE_MS);
    expect(wire().pings()).toHaveLength(3);
  });

  it("tells it even while it waits for the last pong, whose absence still counts", async () => {
    await online();
    await vi.advanceTimersByTimeAsync(PING_VISIBLE_MS);
    socket.visibilityMoved(false);
    expect(wire().pings()).toEqual([PING, { action: "ping", visible: false }]);
    await vi.advanceTimersByTimeAsync(PONG_WITHIN_MS);
    expect(states.at(-1)).toBe("offline");
  });

  it("tells after coming online what moved meanwhile", async () => {
    socket.start();
    await settle();
    wire().onopen?.();
    visible = false;
    socket.visibilityMoved();
    expect(wire().pings()).toEqual([]);
    wire().says({ type: "ready", tab: "all", chat_id: null });
    await settle();
    expect(wire().pings()).toEqual([{ action: "ping", visible: false }]);
  });

  it("counts a missing pong as a lost connection", async () => {
    await online();
    await vi.advanceTimersByTimeAsync(PING_VISIBLE_MS + PONG_WITHIN_MS);
    expect(states.at(-1)).toBe("offline");
  });
});

describe("changing what is watched", () => {
  it("says hello again and waits for its own ready", async () => {
    await online();
    let done = false;
    void socket.subscribe({ tab: "mine", chat_id: "c" }).then(() => {
      done = true;
    });
    expect(wire().sent.at(-1)).toEqual({ ...HELLO, tab: "mine", chat_id: "c" });
    wire().says({ type: "ready", tab: "all", chat_id: null });
    await settle();
    expect(done).toBe(false);
    wire().says({ type: "ready", tab: "mine", chat_id: "c" });
    await settle();
    expect(done).toBe(true);
  });

  it("waits two seconds at most", async () => {
    await online();
    const subscribed = socket.subscribe({ tab: "mine", chat_id: null });
    await vi.advanceTimersByTimeAsync(SWITCH_WITHIN_MS);
    await expect(subscribed).resolves.toBeUndefined();
  });
});
