/** The channel of a chat: its sign, and its name for those who cannot see it. */

import { IconBrandFacebook, IconBrandInstagram, IconBrandWhatsapp } from "@tabler/icons-react";
import type { ChannelName } from "~/lib/api/types";
import styles from "./ChannelIcon.module.css";

const SIGNS = {
  whatsapp: IconBrandWhatsapp,
  instagram: IconBrandInstagram,
  facebook: IconBrandFacebook,
};

interface ChannelIconProps {
  channel: ChannelName;
  /** The channel's name. */
  label: string;
  size?: number;
}

export function ChannelIcon({ channel, label, size = 14 }: ChannelIconProps) {
  const Sign = SIGNS[channel];
  return (
    <span
      className={styles.icon}
      data-channel={channel}
      role="img"
      aria-label={label}
      title={label}
    >
      <Sign size={size} stroke={2} aria-hidden="true" />
    </span>
  );
}
