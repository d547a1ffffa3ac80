/** The page as an installed application: its worker, its notifications, its windows. */

import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLocation, useNavigate } from "react-router";
import { later } from "~/components/later";
import type { Me } from "~/lib/api/types";
import { deviceKind } from "~/lib/device";
import { addressFor, chatAt } from "./address";
import { looked, readDenial, refresh, said, sayLater } from "./push";
import { offerOf } from "./standing";
import { followUpdates, register, take } from "./updates";
import { useMoved, usePermission, useStanding } from "./useStanding";
import { askFor, useAskedWindow } from "./windows";

const UpdateNotice = later(() => import("./UpdateNotice"));
const FirstEntry = later(() => import("./FirstEntry"));
const DeniedNotice = later(() => import("./DeniedNotice"));
const PhoneSettings = later(() => import("./PhoneSettings"));
const InstallWindow = later(() => import("./InstallWindow"));

export default function Pwa() {
  const agent = useAgent();
  useOpenedChats();
  const [version, setVersion] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    let stop = () => {};
    let gone = false;
    void register().then((registration) => {
      if (registration && !gone) stop = followUpdates(registration, setVersion);
    });
    return () => {
      gone = true;
      stop();
    };
  }, []);
  return (
    <Suspense>
      {version ? <UpdateNotice take={() => take(version)} later={() => setVersion(null)} /> : null}
      {agent === null ? null : <Pushes key={agent} agent={agent} />}
    </Suspense>
  );
}

function Pushes({ agent }: { agent: string }) {
  const asked = useAskedWindow();
  const moved = useMoved();
  const { data: standing } = useStanding(agent);
  usePermission(agent, standing === "denied");
  const [fresh, setFresh] = useState(false);
  const [, setAnswers] = useState(0);
  useEffect(() => {
    const done = () => {
      moved();
      setFresh(true);
    };
    refresh(agent).then(done, done);
  }, [agent, moved]);
  useEffect(() => () => askFor(null), []);
  const answered = (say: () => void) => () => {
    say();
    setAnswers((count) => count + 1);
  };
  const close = () => askFor(null);
  if (asked === "settings") return <PhoneSettings agent={agent} close={close} />;
  if (asked === "install") return <InstallWindow close={close} />;
  if (!fresh || !standing) return null;
  const offer = offerOf(standing, deviceKind(), said(), Date.now());
  if (offer === "ask") return <FirstEntry agent={agent} close={answered(sayLater)} />;
  if (offer === "tell_denied") return <DeniedNotice close={answered(readDenial)} />;
  return null;
}

/** Who is logged in, as soon as the page knows it. */
function useAgent(): string | null {
  const queries = useQueryClient();
  const follow = useCallback(
    (told: () => void) => queries.getQueryCache().subscribe(told),
    [queries],
  );
  return useSyncExternalStore(
    follow,
    () => queries.getQueryData<Me>(["me"])?.agent.agent_id ?? null,
  );
}

/** A notification that is clicked opens its chat here; a chat that is opened takes its own away. */
function useOpenedChats(): void {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const latest = useRef({ pathname, search, navigate });
  latest.current = { pathname, search, navigate };
  useEffect(() => {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    const stop = new AbortController();
    const open = ({ data, ports }: MessageEvent) => {
      const told = data as { type?: unknown; chat_id?: unknown } | null;
      if (told?.type !== "open-chat" || typeof told.chat_id !== "string") return;
      ports[0]?.postMessage(true);
      const { pathname, search, navigate } = latest.current;
      void navigate(addressFor(told.chat_id, pathname, search));
    };
    serviceWorker.addEventListener("message", open, { signal: stop.signal });
    serviceWorker.startMessages();
    return () => stop.abort();
  }, []);
  const chatId = chatAt(pathname);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== "visible") return;
      looked(chatId).catch(() => {});
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [chatId]);
}
