/** The user's name at the top right; what it opens is loaded when it is about to be needed. */

import { Menu } from "@mantine/core";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { Bone } from "~/components/Bone";
import { later } from "~/components/later";
import type { Me } from "~/lib/api/types";
import styles from "./UserMenu.module.css";

const load = () => import("./UserMenuItems");
const Items = later(load);

interface UserMenuProps {
  me: Me;
  logOut: () => void;
  showKeys?: (() => void) | undefined;
}

export function UserMenu({ me, logOut, showKeys }: UserMenuProps) {
  const { t } = useTranslation();
  const { name, email, picture } = me.agent;
  return (
    <Menu
      position="bottom-end"
      width={272}
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button
          type="button"
          className={styles.user}
          data-testid="user-menu"
          onPointerEnter={() => void load()}
          onFocus={() => void load()}
        >
          <span className={styles.shownName} aria-hidden="true" dir="auto">
            {name}
          </span>
          <Avatar name={name} picture={picture} size={32} />
          <span className="hidden">{t("top.user", { name })}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className={styles.dropdown}>
        <Menu.Label>
          <span className={styles.name}>{name}</span>
          <span className={styles.email}>{email}</span>
        </Menu.Label>
        <Suspense
          fallback={
            <div className={styles.bones} aria-hidden="true">
              <Bone width="60%" />
              <Bone width="75%" />
              <Bone width="50%" />
            </div>
          }
        >
          <Items me={me} logOut={logOut} showKeys={showKeys} />
        </Suspense>
      </Menu.Dropdown>
    </Menu>
  );
}
