/** The panel over the page, where there is no room beside it. */

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export default function PanelDrawer({
  close,
  children,
}: {
  close: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={360}
      withCloseButton={false}
      padding={0}
      lockScroll={false}
      aria-label={t("areas.panel")}
    >
      {children}
    </Drawer>
  );
}
