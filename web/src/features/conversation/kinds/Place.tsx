/** A place, and the way to a map of it. Nothing is fetched from a map by itself. */

import { IconExternalLink, IconMapPin } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Details } from "~/lib/api/types";
import styles from "./Kinds.module.css";

export function Place({ location }: { location: NonNullable<Details["location"]> }) {
  const { t } = useTranslation("messages");
  const { latitude, longitude, name, address } = location;
  const point = `${latitude},${longitude}`;
  return (
    <a
      className={styles.card}
      href={`https://www.google.com/maps/search/?api=1&query=${encodeURIComponent(point)}`}
      target="_blank"
      rel="noopener noreferrer"
      data-testid="place"
    >
      <Icon of={IconMapPin} size={24} />
      <span className={styles.cardWords}>
        <bdi className={styles.cardTitle} dir="auto">
          {name || t("place.unnamed")}
        </bdi>
        <bdi className={styles.about} dir="auto">
          {address || `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`}
        </bdi>
        <span className={styles.action}>
          {t("place.open")}
          <Icon of={IconExternalLink} size={13} />
        </span>
      </span>
    </a>
  );
}
