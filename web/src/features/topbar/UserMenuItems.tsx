/** What the user's menu holds: support code, profile, the other pages, shortcuts, logout. */

import { Menu } from "@mantine/core";
import {
  IconAntennaBars5,
  IconBolt,
  IconBookmarks,
  IconCalendar,
  IconCalendarTime,
  IconClock,
  IconDeviceMobile,
  IconDownload,
  IconForms,
  IconHistory,
  IconKeyboard,
  IconLogout,
  IconMessages,
  IconRobot,
  IconSettings,
  IconSitemap,
  IconTemplate,
  IconUser,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from "@tabler/icons-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { Icon } from "~/components/Icon";
import { addSentences } from "~/i18n";
import { administration } from "~/i18n/administration";
import type { Me } from "~/lib/api/types";
import { deviceKind } from "~/lib/device";
import { installOffer, onInstallOffer, takeInstallOffer } from "~/lib/installing";
import { type Browser, isIos } from "../pwa/label";
import { askFor } from "../pwa/windows";
import "../pwa/words";
import { isOpen, PAGES, type PageName, PROFILE } from "./pages";
import { SupportCode } from "./SupportCode";

addSentences("administration", administration);

export const PAGE_ICONS: Record<PageName, typeof IconUser> = {
  contacts: IconUsersGroup,
  attendances: IconHistory,
  users: IconUsers,
  departments: IconSitemap,
  tags: IconBookmarks,
  fields: IconForms,
  templates: IconTemplate,
  quickReplies: IconBolt,
  channels: IconAntennaBars5,
  settings: IconSettings,
  scheduled: IconCalendarTime,
  agenda: IconCalendar,
  flows: IconRobot,
  webhooks: IconWebhook,
  hours: IconClock,
};

interface UserMenuItemsProps {
  me: Me;
  logOut: () => void;
  showKeys?: (() => void) | undefined;
}

export default function UserMenuItems({ me, logOut, showKeys }: UserMenuItemsProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const { t: phone } = useTranslation("phone");
  const { pathname } = useLocation();
  const offer = useSyncExternalStore(onInstallOffer, installOffer);
  const byHand = isIos(navigator as unknown as Browser) && deviceKind() === "browser";
  const pages = PAGES.filter((page) => isOpen(page, me));
  return (
    <>
      {me.agent.permissions.includes("support_code") ? <SupportCode /> : null}
      <Menu.Divider />
      {me.tabs.length > 0 && !pathname.startsWith("/chats") ? (
        <Menu.Item component={Link} to="/chats" leftSection={<Icon of={IconMessages} />}>
          {words("pages.chats")}
        </Menu.Item>
      ) : null}
      <Menu.Item
        component={Link}
        to={PROFILE}
        leftSection={<Icon of={IconUser} />}
        data-testid="menu-profile"
      >
        {words("pages.profile")}
      </Menu.Item>
      {pages.map((page) => (
        <Menu.Item
          key={page.name}
          component={Link}
          to={page.path}
          leftSection={<Icon of={PAGE_ICONS[page.name]} />}
          data-testid={`menu-${page.name}`}
        >
          {words(`pages.${page.name}`)}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item
        leftSection={<Icon of={IconDeviceMobile} />}
        onClick={() => askFor("settings")}
        data-testid="menu-phone"
      >
        {phone("menu")}
      </Menu.Item>
      {offer || byHand ? (
        <Menu.Item
          leftSection={<Icon of={IconDownload} />}
          onClick={() => (offer ? void takeInstallOffer() : askFor("install"))}
          data-testid="menu-install"
        >
          {phone("install")}
        </Menu.Item>
      ) : null}
      {showKeys ? (
        <Menu.Item leftSection={<Icon of={IconKeyboard} />} onClick={showKeys}>
          {t("top.shortcuts")}
        </Menu.Item>
      ) : null}
      <Menu.Item leftSection={<Icon of={IconLogout} />} onClick={logOut} data-testid="logout">
        {t("top.logout")}
      </Menu.Item>
    </>
  );
}
