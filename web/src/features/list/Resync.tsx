/** «Ressincronizar»: there for as long as the connection has not come back (LIVE-2, LIVE-5). */

import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { AsItWas } from "../offline/parts";
import styles from "./Resync.module.css";

const CHECKS = ["internet", "network", "firewall", "power", "ports", "software"] as const;

export function Resync() {
  const { t } = useTranslation();
  const { desk } = useDeskAndMe();
  const disconnected = useDesk((snapshot) => snapshot.disconnected);
  const listAt = useDesk((snapshot) => snapshot.listAt);
  const [trying, setTrying] = useState(false);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!disconnected) setFailed(false);
  }, [disconnected]);
  if (!disconnected) return null;
  const resync = async () => {
    setTrying(true);
    setFailed(!(await desk.resync()));
    setTrying(false);
  };
  return (
    <div className={styles.resync}>
      <div className={styles.line}>
        <p className={styles.words} role="status">
          <Suspense>{listAt === null ? t("resync.lost") : <AsItWas at={listAt} />}</Suspense>
        </p>
        <Button
          size="xs"
          className={styles.button}
          loading={trying}
          leftSection={<Icon of={IconRefresh} size={15} />}
          data-testid="resync"
          onClick={() => void resync()}
        >
          {t("resync.button")}
        </Button>
      </div>
      {failed ? (
        <div className={styles.failed} role="alert" data-testid="resync-failed">
          <p className={styles.sentence}>{t("resync.failed")}</p>
          <p>{t("resync.help")}</p>
          <ul className={styles.checks}>
            {CHECKS.map((check) => (
              <li key={check}>{t(`resync.checks.${check}`)}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}
