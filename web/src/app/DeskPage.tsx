/** The desk: who is here, what is shown, and the four areas of the page (CHAT-9). */

import { IconLock, IconPlugConnectedX, IconUserOff } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useLocation, useNavigate } from "react-router";
import { later } from "~/components/later";
import { ONE_AREA, PANEL_AS_DRAWER, useNarrower } from "~/components/useWidth";
import { Conversation } from "~/features/conversation/Conversation";
import { useKeys } from "~/features/keyboard/useKeys";
import { ChatList, ListBones } from "~/features/list/ChatList";
import { focusedChat } from "~/features/list/focusedChat";
import { DeskContext, deskAndMe, useDesk, useDeskAndMe } from "~/features/live/DeskContext";
import { Desk } from "~/features/live/desk";
import { followWindow, openWire, presenceOn } from "~/features/live/presence";
import { placeFrom, usePlace } from "~/features/live/useView";
import type { Beginning } from "~/features/newChat/NewChat";
import { useDeepLink } from "~/features/newChat/useDeepLink";
import { heard } from "~/features/notifications/bell";
import { deskShelf } from "~/features/offline/deskShelf";
import type { Asked } from "~/features/panel/windows";
import { focusSearch, foundChats } from "~/features/search/results";
import { ChannelBanner } from "~/features/topbar/ChannelBanner";
import { Connection } from "~/features/topbar/Connection";
import { isOpen, PAGES, PROFILE } from "~/features/topbar/pages";
import { TopBar } from "~/features/topbar/TopBar";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { DirectoryEvent, Me } from "~/lib/api/types";
import { sendFile } from "~/lib/api/upload";
import { browserFiles } from "~/lib/fileKeeper";
import { kept } from "~/lib/storage";
import styles from "./DeskPage.module.css";
import { useLabels, useMe } from "./useMe";
import { Whole } from "./Whole";

const Panel = later(() => import("~/features/panel/Panel"));
const PanelDrawer = later(() => import("./PanelDrawer"));
const Windows = later(() => import("~/features/panel/Windows"));
const Palette = later(() => import("~/features/keyboard/Palette"));
const Keys = later(() => import("~/features/keyboard/Keys"));
const NewChat = later(() => import("~/features/newChat/NewChat"));

const Decisions = later(() => import("~/features/notifications/Decisions"));
/** The sign on the browser's tab follows once the count rests. */
const BADGE_AFTER_MS = 3_000;

/** What is kept for a time without a connection follows once the page stands. */
const KEPT_AFTER_MS = 2_000;

const PANEL_KEY = "panel-open";

export default function DeskPage({ logOut }: { logOut: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data, error, refetch } = useMe();
  const cutOff = error instanceof Refused && error.status === 403;
  if (data && !cutOff) {
    const page = PAGES.find((one) => isOpen(one, data));
    return data.tabs.length > 0 ? (
      <Running key={data.agent.agent_id} me={data} logOut={logOut} />
    ) : page ? (
      <Navigate to={page.path} replace />
    ) : (
      <Whole
        icon={IconLock}
        title={t("app.noTabsTitle")}
        action={{ label: t("app.toProfile"), act: () => void navigate(PROFILE) }}
      >
        {t("app.noTabs")}
      </Whole>
    );
  }
  if (cutOff) {
    return (
      <Whole
        icon={IconUserOff}
        title={t("app.inactiveTitle")}
        action={{ label: t("top.logout"), act: logOut }}
      >
        {t("app.inactive")}
      </Whole>
    );
  }
  if (error && !(error instanceof LoggedOut)) {
    return (
      <Whole
        icon={IconPlugConnectedX}
        title={t("app.unreachableTitle")}
        action={{ label: t("app.retry"), act: () => void refetch() }}
      >
        {t("app.unreachable")}
      </Whole>
    );
  }
  return <Bones />;
}

function Bones() {
  const { t } = useTranslation();
  return (
    <div className={styles.page} role="status" aria-label={t("app.loading")}>
      <div className={styles.topBones} />
      <div className={styles.areas}>
        <div className={styles.listBones}>
          <ListBones />
        </div>
      </div>
    </div>
  );
}

/** Browser tabs take turns by the browser's locks; without them each does as it would alone. */
const alone = <T,>(name: string, act: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request(name, act) as Promise<T>) : act();

function Running({ me, logOut }: { me: Me; logOut: () => void }) {
  const { pathname, search } = useLocation();
  const place = useMemo(() => placeFrom(pathname, search, me.tabs), [pathname, search, me.tabs]);
  // One desk for as long as the agent is here; names that change come in through `me`.
  const queries = useQueryClient();
  const [desk] = useState(() => {
    const directoryMoved = async (part: DirectoryEvent["part"]) => {
      const asked = part === "people" ? "me" : part;
      await queries.invalidateQueries({ queryKey: [asked] }, { cancelRefetch: true });
      if (part === "me") made.permissionsMoved();
    };
    const made: Desk = new Desk(
      {
        doors,
        openWire,
        storage: kept,
        files: browserFiles(),
        shelf: deskShelf,
        sendFile,
        alone,
        random: Math.random,
        presence: presenceOn("chat"),
        directoryMoved: (part) => void directoryMoved(part),
        noticed: (event) => heard(event, queries),
      },
      me,
      place.view,
      place.chatId,
    );
    return made;
  });
  const labels = useLabels();
  const { agent_id } = me.agent;
  useEffect(() => {
    const left = new AbortController();
    const timer = setTimeout(() => {
      import("~/features/offline/keep").then(
        ({ keepDesk }) => keepDesk(desk, queries, agent_id, left.signal),
        () => {},
      );
    }, KEPT_AFTER_MS);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [desk, queries, agent_id]);
  useEffect(() => desk.channelsTold(me.channels), [desk, me.channels]);
  useEffect(() => {
    desk.start();
    const unfollow = followWindow(desk);
    return () => {
      unfollow();
      desk.stop();
    };
  }, [desk]);
  useLayoutEffect(() => desk.show(place.view, place.chatId), [desk, place]);
  const value = useMemo(() => deskAndMe(desk, me, labels), [desk, me, labels]);
  return (
    <DeskContext value={value}>
      <Areas logOut={logOut} />
      <Shown />
      <Title />
    </DeskContext>
  );
}

function Areas({ logOut }: { logOut: () => void }) {
  const { me, desk } = useDeskAndMe();
  const { chatId, q, go } = usePlace(me.tabs);
  const drawer = useNarrower(PANEL_AS_DRAWER);
  const oneArea = useNarrower(ONE_AREA);
  const [wide, setWide] = useState(() => kept.get(PANEL_KEY) !== "no");
  const [over, setOver] = useState(false);
  const [keys, setKeys] = useState(false);
  const [palette, setPalette] = useState(false);
  const [why, setWhy] = useState(false);
  const panelOpen = chatId !== null && (drawer ? over : wide);
  const setPanel = (open: boolean) => {
    if (drawer) setOver(open);
    else {
      setWide(open);
      kept.set(PANEL_KEY, open ? "yes" : "no");
    }
  };
  const step = (by: 1 | -1) => {
    const rows = desk.getSnapshot().state.list?.rows ?? [];
    const ids = q === "" ? rows.map((row) => row.chat_id) : foundChats();
    const index = ids.indexOf(chatId ?? "");
    const next = ids[index < 0 ? 0 : index + by];
    if (next) go({ chatId: next }, chatId !== null);
  };
  const focusBar = () =>
    document.querySelector<HTMLTextAreaElement>("[data-testid=bar-input]")?.focus();
  const [beginning, setBeginning] = useState<Beginning | "empty" | null>(null);
  const newChat = useCallback(() => setBeginning("empty"), []);
  const openChat = useCallback((id: string) => go({ chatId: id }), [go]);
  useDeepLink({ openChat, newChat: (phone, hidden) => setBeginning({ phone, hidden }) });
  const markUnread = () => {
    const row = focusedChat() ?? chatId;
    if (row !== null) void desk.markUnread(row);
  };
  const search = () => {
    if (oneArea && chatId !== null) go({ chatId: null });
    requestAnimationFrame(focusSearch);
  };
  useKeys({
    search,
    newChat,
    unread: markUnread,
    next: () => step(1),
    previous: () => step(-1),
    bar: focusBar,
    help: () => setKeys(true),
    palette: () => setPalette(true),
    escape: () => {
      if (drawer && over) setOver(false);
      else if (chatId !== null) go({ chatId: null });
    },
  });
  const [asked, setAsked] = useState<{ asked: Asked; chatId: string } | null>(null);
  const ask = (wanted: Asked) => {
    if (chatId !== null) setAsked({ asked: wanted, chatId });
  };
  const closeWindow = useCallback(() => setAsked(null), []);
  const panel = panelOpen ? <Panel close={() => setPanel(false)} ask={ask} /> : null;
  return (
    <div className={styles.page}>
      <TopBar
        me={me}
        logOut={logOut}
        showKeys={() => setKeys(true)}
        showPalette={() => setPalette(true)}
      >
        <Connection />
      </TopBar>
      <div>
        <Problems />
      </div>
      <main
        id="areas"
        tabIndex={-1}
        className={styles.areas}
        data-chat={chatId !== null}
        data-panel={panelOpen && !drawer}
      >
        {oneArea && chatId !== null ? null : <ChatList newChat={newChat} />}
        {oneArea && chatId === null ? null : (
          <Conversation
            panelOpen={panelOpen}
            togglePanel={() => setPanel(!panelOpen)}
            closeAttendance={() => ask({ window: "close" })}
          />
        )}
        <Suspense fallback={drawer || !panelOpen ? null : <div className={styles.panelBones} />}>
          {drawer ? (
            panelOpen ? (
              <PanelDrawer close={() => setOver(false)} held={asked !== null}>
                {panel}
              </PanelDrawer>
            ) : null
          ) : (
            panel
          )}
        </Suspense>
      </main>
      <Suspense>
        {asked ? <Windows {...asked} close={closeWindow} /> : null}
        {beginning ? (
          <NewChat
            beginning={beginning === "empty" ? null : beginning}
            close={() => setBeginning(null)}
            openChat={openChat}
          />
        ) : null}
        {why ? <Decisions departments={me.departments} close={() => setWhy(false)} /> : null}
        {keys ? <Keys close={() => setKeys(false)} /> : null}
        {palette ? (
          <Palette
            closed={() => setPalette(false)}
            ask={ask}
            actions={{
              bar: focusBar,
              search: () => setTimeout(search, 200),
              newChat,
              ...(chatId === null ? {} : { markUnread }),
              next: () => step(1),
              previous: () => step(-1),
              panel: () => setPanel(true),
              unread: () => go({ unread: true }),
              why: () => setWhy(true),
              keys: () => setKeys(true),
              resync: () => void desk.resync(),
              logout: logOut,
            }}
          />
        ) : null}
      </Suspense>
    </div>
  );
}

function Problems() {
  return <ChannelBanner channels={useDesk((snapshot) => snapshot.state.channels)} />;
}

/** Marks when what an event changed has been painted, for whoever measures. */
function Shown() {
  const state = useDesk((snapshot) => snapshot.state);
  useLayoutEffect(() => {
    if (performance.getEntriesByName("event-received").length === 0) return;
    const frame = requestAnimationFrame(() => {
      performance.mark("event-shown", { detail: state.countMoves });
      if (performance.getEntriesByName("event-shown").length > 500) {
        performance.clearMarks("event-received");
        performance.clearMarks("event-shown");
      }
    });
    return () => cancelAnimationFrame(frame);
  }, [state]);
  return null;
}

function Title() {
  const { t } = useTranslation();
  const { me } = useDeskAndMe();
  const unread = useDesk(
    (snapshot) => snapshot.state.list?.rows.filter((row) => row.unread > 0).length ?? 0,
  );
  const name = me.agency.name;
  useEffect(() => {
    document.title =
      unread > 0 ? t("app.titleUnread", { count: unread, name }) : t("app.title", { name });
    const timer = setTimeout(() => {
      import("~/features/notifications/badge").then(
        ({ showCount }) => showCount(unread),
        () => {},
      );
    }, BADGE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [unread, name, t]);
  return null;
}
