/** What stands in a table without rows: nothing made yet, or nothing found. */

import { IconSearchOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";

interface NothingProps {
  /** Whether a search or a filter hides what there is. */
  filtered: boolean;
  clear: () => void;
  icon: ReactNode;
  title: string;
  children: string;
  action?: { label: string; act: () => void };
}

export function Nothing({ filtered, clear, icon, title, children, action }: NothingProps) {
  const { t: words } = useTranslation("administration");
  if (filtered) {
    return (
      <Notice
        icon={<Icon of={IconSearchOff} size={26} />}
        title={words("table.nothingTitle")}
        action={{ label: words("table.clearFilters"), act: clear }}
      >
        {words("table.nothing")}
      </Notice>
    );
  }
  return (
    <Notice icon={icon} title={title} {...(action ? { action } : {})}>
      {children}
    </Notice>
  );
}
