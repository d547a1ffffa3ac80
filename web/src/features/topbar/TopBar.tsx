/** «Botões e Notificações»: the agency, what the page adds, the theme, and the user's menu. */

import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSearch, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import type { Me } from "~/lib/api/types";
import { Notices } from "../notifications/Notices";
import styles from "./TopBar.module.css";
import { UserMenu } from "./UserMenu";

interface TopBarProps {
  me: Me;
  logOut: () => void;
  showKeys?: () => void;
  showPalette?: () => void;
  /** What the skip link says; it leads to the element `areas`. */
  skip?: string;
  /** What stands before the agency's name. */
  start?: ReactNode;
  /** What stands after it. */
  children?: ReactNode;
}

export function TopBar({ me, logOut, showKeys, showPalette, skip, start, children }: TopBarProps) {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const dark = scheme === "dark";
  return (
    <header className={styles.bar}>
      <a className={styles.skip} href="#areas">
        {skip ?? t("app.skip")}
      </a>
      <section className={styles.area} aria-label={t("areas.bar")}>
        {start}
        <img src="/favicon.svg" alt="" width={28} height={28} />
        <h1 className={styles.agency} dir="auto">
          {me.agency.name}
        </h1>
        {children}
        <span className={styles.space} />
        {showPalette ? (
          <span className={styles.palette}>
            <IconButton
              label={`${t("top.palette")} (Ctrl+K)`}
              onClick={showPalette}
              data-testid="palette"
            >
              <Icon of={IconSearch} size={20} />
            </IconButton>
          </span>
        ) : null}
        <Notices me={me} />
        <IconButton
          label={t(dark ? "top.themeLight" : "top.themeDark")}
          onClick={() => setColorScheme(dark ? "light" : "dark")}
          data-testid="theme"
        >
          <Icon of={dark ? IconSun : IconMoon} size={20} />
        </IconButton>
        <UserMenu me={me} logOut={logOut} showKeys={showKeys} />
      </section>
    </header>
  );
}
