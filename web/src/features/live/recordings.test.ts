/** Old screen + recorded events = fresh load, for every recording that the server's tests wrote. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type {
  CountsByTab,
  EventsFrame,
  ListPage,
  OpenedChat,
  OrderName,
  TabName,
} from "~/lib/api/types";
import {
  chatLoaded,
  countsLoaded,
  type DeskState,
  EMPTY,
  isWhole,
  listLoaded,
  NO_FILTERS,
  reduceAll,
} from "./reducer";

interface Screen {
  list: ListPage;
  counts: CountsByTab;
  chat: OpenedChat | null;
}

interface Recording {
  name: string;
  tab: TabName;
  order: OrderName;
  chat_id: string | null;
  before: Screen;
  frames: EventsFrame[];
  after: Screen;
}

const NOW = Date.parse("2026-11-23T12:00:00.000Z");
const FOLDER = resolve(import.meta.dirname, "../../../../tests/recordings");
const recordings: Recording[] = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .filter((file) => file.endsWith(".json"))
  .map((file) => JSON.parse(readFileSync(resolve(FOLDER, file), "utf8")) as Recording);

/** What changes lists and chats; bell and sound change neither. */
const told = (frames: EventsFrame[]) =>
  frames
    .flatMap((frame) => frame.events)
    .filter((event) => event.type !== "bell" && event.type !== "sound");

function load(recording: Recording, screen: Screen): DeskState {
  const view = { ...NO_FILTERS, tab: recording.tab, order: recording.order };
  const state = countsLoaded(listLoaded(EMPTY, view, screen.list), screen.counts);
  return screen.chat ? chatLoaded(state, screen.chat) : state;
}

function seen(state: DeskState) {
  return {
    rows: state.list?.rows,
    counts: state.counts,
    chat: state.chat?.chat ?? null,
    messages: state.chat?.messages ?? null,
  };
}

describe.runIf(recordings.length > 0)(
  "LIVE-4: events bring the screen where a fresh load is",
  () => {
    it.each(recordings.map((recording) => [recording.name, recording] as const))(
      "%s",
      (_, recording) => {
        const before = load(recording, recording.before);
        const state = reduceAll(before, told(recording.frames), NOW);
        expect(seen(state)).toEqual(seen(load(recording, recording.after)));
        if (state.chat) expect(isWhole(state.chat)).toBe(true);
      },
    );

    it.each(recordings.map((recording) => [recording.name, recording] as const))(
      "%s, with every frame delivered twice",
      (_, recording) => {
        const frames = recording.frames.flatMap((frame) => [frame, frame]);
        const state = reduceAll(load(recording, recording.before), told(frames), NOW);
        expect(seen(state)).toEqual(seen(load(recording, recording.after)));
      },
    );
  },
);
