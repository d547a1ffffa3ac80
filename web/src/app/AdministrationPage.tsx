/** The pages beside the chats: who may see which, the way between them, one frame (ADM-1, PERM-1). */

import { later } from "~/components/later";
import "~/features/administration/styles";
import { Drawer } from "@mantine/core";
import {
  IconLock,
  IconMenu2,
  IconMessages,
  IconPlugConnectedX,
  IconUser,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import {
  type ComponentType,
  type MouseEvent,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { NavLink, useLocation, useNavigate } from "react-router";
import { Confirm } from "~/components/Confirm";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Notice } from "~/components/Notice";
import { PANEL_AS_DRAWER, useNarrower } from "~/components/useWidth";
import { PageBones } from "~/features/administration/PageBones";
import { UnsavedContext } from "~/features/administration/unsaved";
import { useDirectory } from "~/features/administration/useDirectory";
import { showCount } from "~/features/notifications/badge";
import { countUnseen, useBell } from "~/features/notifications/bell";
import NeedsConnection from "~/features/offline/NeedsConnection";
import { ChannelBanner } from "~/features/topbar/ChannelBanner";
import { isOpen, PAGES, type PageName, PROFILE } from "~/features/topbar/pages";
import { TopBar } from "~/features/topbar/TopBar";
import { PAGE_ICONS } from "~/features/topbar/UserMenuItems";
import { addSentences } from "~/i18n";
import { administration } from "~/i18n/administration";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { Me } from "~/lib/api/types";
import styles from "./AdministrationPage.module.css";
import { useMe } from "./useMe";
import { Whole } from "./Whole";

addSentences("administration", administration);

type PageOf = ComponentType<{ me: Me }>;

const SHOWN: Record<PageName | "profile", PageOf> = {
  contacts: later(() => import("~/features/administration/contacts/ContactsPage")),
  attendances: later(() => import("~/features/administration/attendances/AttendancesPage")),
  users: later(() => import("~/features/administration/users/UsersPage")),
  departments: later(() => import("~/features/administration/departments/DepartmentsPage")),
  tags: later(() => import("~/features/administration/tags/TagsPage")),
  fields: later(() => import("~/features/administration/fields/FieldsPage")),
  templates: later(() => import("~/features/administration/templates/TemplatesPage")),
  quickReplies: later(() => import("~/features/administration/quickReplies/QuickRepliesPage")),
  channels: later(() => import("~/features/administration/channels/ChannelsPage")),
  scheduled: later(() => import("~/features/administration/scheduled/ScheduledPage")),
  agenda: later(() => import("~/features/administration/scheduled/AgendaPage")),
  flows: later(() => import("~/features/administration/flows/FlowsPage")),
  webhooks: later(() => import("~/features/administration/flows/WebhooksPage")),
  hours: later(() => import("~/features/administration/flows/HoursPage")),
  settings: later(() => import("~/features/administration/settings/SettingsPage")),
  profile: later(() => import("~/features/profile/ProfilePage")),
};

export default function AdministrationPage({ logOut }: { logOut: () => void }) {
  const { t } = useTranslation();
  const { data, error, refetch, isKept } = useMe();
  const cutOff = error instanceof Refused && error.status === 403;
  if (data && !cutOff) {
    const unreachable = isKept ? () => void refetch() : null;
    return <Framed key={data.agent.agent_id} me={data} logOut={logOut} unreachable={unreachable} />;
  }
  if (cutOff) {
    return (
      <Whole
        icon={IconLock}
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
  return <PageBones />;
}

interface FramedProps {
  me: Me;
  logOut: () => void;
  /** Asks for `me` again, where the server could not be asked yet; else null. */
  unreachable: (() => void) | null;
}

function Framed({ me, logOut, unreachable }: FramedProps) {
  const { t: words } = useTranslation("administration");
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const asDrawer = useNarrower(PANEL_AS_DRAWER);
  const [drawer, setDrawer] = useState(false);
  const page = PAGES.find((one) => one.path === pathname.replace(/\/$/, ""));
  const name: PageName | "profile" = page?.name ?? "profile";
  const allowed = !page || isOpen(page, me);
  useDirectory();
  const unseen = countUnseen(useBell().data);
  const Shown = SHOWN[name];
  const title = words(`pages.${name}`);
  useEffect(() => {
    const name = words("shell.title", { page: title, agency: me.agency.name });
    document.title = unseen > 0 ? `(${unseen}) ${name}` : name;
    showCount(unseen);
  }, [title, me.agency.name, words, unseen]);
  // The desk begins anew with what was changed here.
  useEffect(
    () => () => {
      void queries.invalidateQueries({ queryKey: ["me"] });
      void queries.invalidateQueries({ queryKey: ["labels"] });
    },
    [queries],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the way there closes behind whoever goes
  useEffect(() => setDrawer(false), [asDrawer, pathname]);

  const unsaved = useRef(false);
  const [leaving, setLeaving] = useState<(() => void) | null>(null);
  const leave = useCallback((go: () => void) => {
    if (unsaved.current) setLeaving(() => go);
    else go();
  }, []);

  /** Links of the frame, too, ask before they lead away from something unsaved. */
  const onClickCapture = (event: MouseEvent) => {
    if (!unsaved.current || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as HTMLElement).closest<HTMLAnchorElement>("a[href^='/']");
    const href = link?.getAttribute("href");
    if (!href) return;
    event.preventDefault();
    event.stopPropagation();
    leave(() => void navigate(href));
  };
  const pages = PAGES.filter((one) => isOpen(one, me));
  const link = (path: string, icon: typeof IconUser, label: string) => (
    <li key={path}>
      <NavLink to={path} className={styles.link ?? ""} data-testid={`nav-${path.slice(1)}`}>
        <Icon of={icon} />
        <span>{label}</span>
      </NavLink>
    </li>
  );
  const nav = (
    <nav className={styles.nav} aria-label={words("shell.nav")}>
      <ul className={styles.links}>
        {me.tabs.length > 0 ? link("/chats", IconMessages, words("pages.chats")) : null}
      </ul>
      <ul className={styles.links}>
        {pages.map((one) => link(one.path, PAGE_ICONS[one.name], words(`pages.${one.name}`)))}
      </ul>
      <ul className={styles.links}>{link(PROFILE, IconUser, words("pages.profile"))}</ul>
    </nav>
  );
  return (
    <div className={styles.page} onClickCapture={onClickCapture}>
      <TopBar
        me={me}
        logOut={() => leave(logOut)}
        skip={words("shell.skip")}
        start={
          asDrawer ? (
            <IconButton
              label={words("shell.openNav")}
              onClick={() => setDrawer(true)}
              data-testid="open-nav"
            >
              <Icon of={IconMenu2} size={20} />
            </IconButton>
          ) : null
        }
      />
      <div>
        <ChannelBanner channels={me.channels} />
      </div>
      <div className={styles.body}>
        {asDrawer ? null : <div className={styles.side}>{nav}</div>}
        <main id="areas" tabIndex={-1} className={styles.main}>
          {unreachable ? (
            <NeedsConnection what="administration" again={unreachable} />
          ) : allowed ? (
            <UnsavedContext value={unsaved}>
              <Suspense fallback={<PageBones />}>
                <Shown me={me} />
              </Suspense>
            </UnsavedContext>
          ) : (
            <Notice
              alert
              icon={<Icon of={IconLock} size={26} />}
              title={words("shell.forbiddenTitle")}
              {...(me.tabs.length > 0
                ? {
                    action: {
                      label: words("shell.toChats"),
                      act: () => void navigate("/chats"),
                    },
                  }
                : {})}
            >
              {words("shell.forbidden", { page: title })}
            </Notice>
          )}
        </main>
      </div>
      {asDrawer ? (
        <Drawer.Root
          opened={drawer}
          onClose={() => setDrawer(false)}
          size={288}
          padding={0}
          lockScroll={false}
        >
          <Drawer.Overlay />
          <Drawer.Content aria-label={words("shell.nav")}>
            <Drawer.Body>{nav}</Drawer.Body>
          </Drawer.Content>
        </Drawer.Root>
      ) : null}
      {leaving ? (
        <Confirm
          question={words("form.discardTitle")}
          yes={words("form.discard")}
          no={words("form.keep")}
          danger
          act={() => {
            unsaved.current = false;
            leaving();
          }}
          close={() => setLeaving(null)}
        >
          {words("form.discardText")}
        </Confirm>
      ) : null}
    </div>
  );
}
