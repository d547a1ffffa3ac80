/** The bell and the sound's button, at the top of every page (NOTIF-1, NOTIF-2). */

import { Popover } from "@mantine/core";
import { IconBell, IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { later } from "~/components/later";
import type { Me } from "~/lib/api/types";
import { countUnseen, useBell } from "./bell";
import { ListBones } from "./ListBones";
import styles from "./Notices.module.css";

const load = () => import("./BellList");
const BellList = later(load);
const Decisions = later(() => import("./Decisions"));

export function Notices({ me }: { me: Me }) {
  const { t } = useTranslation();
  const bell = useBell();
  const [opened, setOpened] = useState(false);
  const [why, setWhy] = useState(false);
  const close = useCallback(() => setOpened(false), []);
  useEffect(atFirstGesture, []);
  const unseen = countUnseen(bell.data);
  const label = unseen > 0 ? t("notices.unseen", { count: unseen }) : t("notices.bell");
  return (
    <>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-end"
        width="min(400px, calc(100vw - 16px))"
        shadow="md"
        withRoles={false}
        withinPortal={false}
        trapFocus
        returnFocus
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>
          <span className={styles.bell}>
            <IconButton
              label={label}
              hint={!opened}
              aria-haspopup="dialog"
              aria-expanded={opened}
              onClick={() => setOpened(!opened)}
              onPointerEnter={() => void load()}
              onFocus={() => void load()}
              data-testid="bell"
              data-unseen={unseen}
            >
              <Icon of={IconBell} size={20} />
            </IconButton>
            {unseen > 0 ? (
              <span className={styles.dot} aria-hidden="true" data-testid="bell-dot" />
            ) : null}
          </span>
        </Popover.Target>
        <Popover.Dropdown
          className={styles.dropdown}
          role="dialog"
          aria-label={t("notices.bell")}
          data-testid="bell-list"
        >
          <Suspense
            fallback={
              <div className={styles.list} tabIndex={-1} data-autofocus>
                <ListBones />
              </div>
            }
          >
            <BellList
              me={me}
              close={close}
              askWhy={() => {
                close();
                setWhy(true);
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <SoundButton muted={bell.data?.muted ?? false} />
      <Suspense>
        {why ? <Decisions departments={me.departments} close={() => setWhy(false)} /> : null}
      </Suspense>
    </>
  );
}

/** «Sound icon»: turns sounds off and on, wherever the agent sits. */
function SoundButton({ muted }: { muted: boolean }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [failed, setFailed] = useState(false);
  const turn = async () => {
    setFailed(false);
    try {
      const { mute } = await import("./commands");
      await mute(queries, !muted);
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <IconButton
        label={
          failed ? t("notices.soundFailed") : t(muted ? "notices.soundOn" : "notices.soundOff")
        }
        aria-label={t("notices.sound")}
        aria-pressed={!muted}
        onClick={() => void turn()}
        data-testid="sound"
      >
        <Icon of={muted ? IconVolumeOff : IconVolume} size={20} />
      </IconButton>
      {failed ? (
        <span className="hidden" role="alert">
          {t("notices.soundFailed")}
        </span>
      ) : null}
    </>
  );
}

/** Browsers let a page be heard once somebody has touched it. */
function atFirstGesture(): () => void {
  const touched = new AbortController();
  const unlock = () => {
    // Esc, for one, is no touch.
    if (navigator.userActivation?.hasBeenActive === false) return;
    touched.abort();
    import("./sound").then(
      ({ unlock }) => unlock(),
      () => {},
    );
  };
  for (const gesture of ["pointerup", "keydown"]) {
    window.addEventListener(gesture, unlock, { signal: touched.signal, capture: true });
  }
  return () => touched.abort();
}
