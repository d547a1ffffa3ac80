/** What is wrong with a channel and what to do about it; what arrives is never stopped (INB-10). */

import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Channel } from "~/lib/api/types";
import styles from "./ChannelBanner.module.css";

export function ChannelBanner({ channels }: { channels: readonly Channel[] }) {
  const { t } = useTranslation();
  return channels.map((channel) =>
    channel.problem === null ? null : (
      <div
        key={`${channel.channel} ${channel.account}`}
        className={styles.banner}
        role="alert"
        data-testid="channel-banner"
      >
        <Icon of={IconAlertTriangle} />
        <p>
          {t(`problems.${channel.problem}`, {
            channel: `${t(`channels.${channel.channel}`)} ${channel.display}`,
          })}
        </p>
      </div>
    ),
  );
}
