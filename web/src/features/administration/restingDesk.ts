/** What the desk's own parts look names up at where no desk is at work. */

import { useMemo } from "react";
import { type DeskAndMe, deskAndMe } from "~/features/live/DeskContext";
import { Desk } from "~/features/live/desk";
import { placeFrom } from "~/features/live/useView";
import { doors } from "~/lib/api/doors";
import type { Labels, Me } from "~/lib/api/types";
import { sendFile } from "~/lib/api/upload";
import { browserFiles } from "~/lib/fileKeeper";
import { kept } from "~/lib/storage";

/** A desk that is never started: it opens no socket and fetches nothing. */
export function useRestingDesk(me: Me, labels: Labels | null): DeskAndMe {
  return useMemo(() => {
    const { view } = placeFrom("/chats", "", me.tabs);
    const openWire = () => {
      throw new Error("a desk at rest opens no socket");
    };
    const desk = new Desk(
      {
        doors,
        openWire,
        storage: kept,
        files: browserFiles(),
        sendFile,
        alone: (_, act) => act(),
        random: Math.random,
        presence: { page: "other", device: "browser", visible: () => false },
        directoryMoved: () => {},
        noticed: () => {},
      },
      me,
      view,
      null,
    );
    return deskAndMe(desk, me, labels);
  }, [me, labels]);
}
