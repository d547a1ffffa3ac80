/** The panel over the page, where there is no room beside it. */

import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

export default function PanelDrawer({
  close,
  held,
  children,
}: {
  close: () => void;
  /** A window lies over it: Esc is that window's. */
  held: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Drawer.Root
      opened
      onClose={close}
      closeOnEscape={!held}
      position="right"
      size={360}
      padding={0}
      lockScroll={false}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={t("areas.panel")}>
        <Drawer.Body h="100%">{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
