/** «+»: what can be attached here and now (SEND-5, SEND-6, SEND-2). */

import {
  IconAddressBook,
  IconFile,
  IconMicrophone,
  IconPhoto,
  IconTemplate,
  IconVideo,
} from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useEscape } from "~/components/useEscape";
import { accepted } from "~/lib/files";
import styles from "./AttachMenu.module.css";
import type { OverlayProps } from "./Overlay";

export function AttachMenu({ rules, internal, chat, shut, choose, pick, close }: OverlayProps) {
  const { t } = useTranslation("bar");
  const menu = useRef<HTMLDivElement>(null);
  const by = internal ? null : rules;
  const takes = (kind: string) => by === null || by.files.some((rule) => rule.kind === kind);
  const files = (
    [
      ["image", IconPhoto],
      ["document", IconFile],
      ["video", IconVideo],
      ["audio", IconMicrophone],
    ] as const
  ).filter(([kind]) => takes(kind));
  useEscape(close);
  useEffect(() => {
    menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const away = (event: PointerEvent) => {
      if (!menu.current?.contains(event.target as Node)) close();
    };
    window.addEventListener("pointerdown", away);
    return () => window.removeEventListener("pointerdown", away);
  }, [close]);
  const step = (by: number) => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <div
      ref={menu}
      role="menu"
      tabIndex={-1}
      aria-label={t("attach.menu")}
      className={styles.menu}
      data-testid="attach-menu"
      onKeyDown={(event) => {
        if (event.key === "ArrowDown") step(1);
        else if (event.key === "ArrowUp") step(-1);
        else if (event.key === "Tab") close();
        else return;
        event.preventDefault();
      }}
    >
      {files.map(([kind, Shape]) => (
        <button
          key={kind}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={styles.choice}
          data-testid={`attach-${kind}`}
          onClick={() => {
            close();
            pick(accepted(by, kind));
          }}
        >
          <Icon of={Shape} size={20} />
          {t(`attach.${kind}`)}
        </button>
      ))}
      {internal ? null : (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={styles.choice}
          data-testid="attach-contact"
          onClick={() => choose({ window: "contact" })}
        >
          <Icon of={IconAddressBook} size={20} />
          {t("attach.contact")}
        </button>
      )}
      {rules.templates && !chat.row.blocked && (!internal || shut) ? (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          className={styles.choice}
          data-testid="attach-template"
          onClick={() => choose({ window: "template" })}
        >
          <Icon of={IconTemplate} size={20} />
          {t("attach.template")}
        </button>
      ) : null}
    </div>
  );
}
