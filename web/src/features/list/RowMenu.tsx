/** The menu of one row, at its three dots or where the pointer is (READ-2). */

import { Menu } from "@mantine/core";
import { IconMail } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useDeskAndMe } from "../live/DeskContext";
import type { MenuPlace } from "./Row";
import styles from "./RowMenu.module.css";

export default function RowMenu({ place, close }: { place: MenuPlace; close: () => void }) {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const before = useRef(document.activeElement);
  useEffect(() => {
    const element = before.current;
    return () => {
      if (element instanceof HTMLElement && element.isConnected)
        element.focus({ preventScroll: true });
    };
  }, []);
  return (
    <Menu
      opened
      onClose={close}
      position="bottom-end"
      offset={2}
      shadow="md"
      withinPortal={false}
      returnFocus={false}
      withInitialFocusPlaceholder={false}
      transitionProps={{ duration: 0 }}
    >
      <Menu.Target>
        <span
          className={styles.target}
          style={{ left: place.x, top: place.y }}
          aria-hidden="true"
        />
      </Menu.Target>
      <Menu.Dropdown data-testid="row-menu-open">
        <Menu.Item
          leftSection={<Icon of={IconMail} />}
          disabled={place.row.unread > 0}
          data-testid="mark-unread"
          onClick={() => void desk.markUnread(place.row.chat_id)}
        >
          {t("list.markUnread")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
