/** The channel of a chat: its sign, and its name for those who cannot see it. */

import { IconBrandFacebook, IconBrandInstagram, IconBrandWhatsapp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ChannelName } from "~/lib/api/types";
import styles from "./ChannelIcon.module.css";

const SIGNS = {
  whatsapp: IconBrandWhatsapp,
  instagram: IconBrandInstagram,
  facebook: IconBrandFacebook,
};

export function ChannelIcon({ channel, size = 14 }: { channel: ChannelName; size?: number }) {
  const { t } = useTranslation();
  const Sign = SIGNS[channel];
  return (
    <span
      className={styles.icon}
      data-channel={channel}
      role="img"
      aria-label={t(`channels.${channel}`)}
      title={t(`channels.${channel}`)}
    >
      <Sign size={size} stroke={2} aria-hidden="true" />
    </span>
  );
}
