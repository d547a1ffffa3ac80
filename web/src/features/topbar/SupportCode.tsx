/** «Código de Suporte»: the code, copied by a click, and how long it lasts (CODE-1). */

import { Menu } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { useNow } from "~/components/useNow";
import { doors } from "~/lib/api/doors";
import styles from "./UserMenu.module.css";

const COPIED_MS = 2000;
const GRACE_MS = 1500;

export function SupportCode() {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const now = useNow(1000);
  const { data, isError, refetch } = useQuery({
    queryKey: ["support-code"],
    queryFn: doors.supportCode,
    staleTime: 0,
    gcTime: 0,
  });
  const ends = data ? Date.parse(data.valid_until) : null;
  const over = ends !== null && now > ends;
  // The next code is asked for just after this one ends, and again until it is there.
  useEffect(() => {
    if (!over) return;
    void refetch();
    const timer = setInterval(() => void refetch(), GRACE_MS);
    return () => clearInterval(timer);
  }, [over, refetch]);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  if (isError) {
    return (
      <Menu.Item closeMenuOnClick={false} onClick={() => void refetch()}>
        <span className={styles.codeTitle}>{words("support.title")}</span>
        <span className={styles.codeNote}>{words("support.failed")}</span>
      </Menu.Item>
    );
  }
  return (
    <Menu.Item
      closeMenuOnClick={false}
      data-testid="support-code"
      rightSection={
        <>
          <Icon of={copied ? IconCheck : IconCopy} size={16} />
          <span className="hidden">{words("support.copy")}</span>
        </>
      }
      onClick={() => {
        if (data) void navigator.clipboard?.writeText(data.code).then(() => setCopied(true));
      }}
    >
      <span className={styles.codeTitle}>{words("support.title")}</span>
      {data ? (
        <>
          <span className={styles.code} data-testid="support-code-digits">
            {data.code}
          </span>
          <span className={styles.codeNote} aria-live="polite">
            {copied
              ? t("app.copied")
              : words("support.changesIn", { left: left((ends ?? 0) - now) })}
          </span>
        </>
      ) : (
        <Bone width={120} height={22} />
      )}
    </Menu.Item>
  );
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** «3 h 12 min», «12 min», «45 s» */
export function left(ms: number): string {
  if (ms >= HOUR) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  if (ms >= MINUTE) return `${Math.floor(ms / MINUTE)} min`;
  return `${Math.max(0, Math.ceil(ms / SECOND))} s`;
}
