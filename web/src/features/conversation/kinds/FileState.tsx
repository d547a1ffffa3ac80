/** A file that is not there: on its way, failed with its reason, expired (INB-6). */

import { IconAlertTriangle, IconRefresh, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import type { MessageFile } from "~/lib/api/types";
import { plainName } from "~/lib/text";
import { useDesk, useDeskAndMe } from "../../live/DeskContext";
import { isUploading, type Outgoing } from "../../live/outbox";
import type { FileProps } from "./Kinds";
import styles from "./Kinds.module.css";
import { SIGNS } from "./signs";
import { shownSize } from "./sizes";

export function FileState({
  message,
  chatId,
  file,
  outgoing,
}: FileProps & { outgoing: Outgoing | null }) {
  if (file.state === "pending") return <Pending file={file} outgoing={outgoing} />;
  return <Gone messageKey={message.key} chatId={chatId} file={file} />;
}

/** As large as what will stand there. */
function Pending({ file, outgoing }: { file: MessageFile; outgoing: Outgoing | null }) {
  const { t } = useTranslation("messages");
  const { desk } = useDeskAndMe();
  const part = useDesk((snapshot) =>
    outgoing === null ? undefined : snapshot.progress?.[outgoing.client_key],
  );
  const seen = file.kind === "image" || file.kind === "video" || file.kind === "sticker";
  const { width, height } = shownSize(file);
  const percent = part === undefined ? null : Math.round(part * 100);
  const words =
    outgoing === null
      ? t("file.pending")
      : percent === null
        ? t("file.sending")
        : t("file.sendingPart", { percent });
  return (
    <div
      className={styles.pending}
      data-testid="file-pending"
      style={seen ? { width, height: Math.max(height, 96) } : undefined}
    >
      <Icon of={SIGNS[file.kind] ?? IconAlertTriangle} size={seen ? 28 : 22} />
      <span className={styles.pendingWords}>
        {file.name ? (
          <bdi className={styles.fileName} dir="auto">
            {plainName(file.name)}
          </bdi>
        ) : null}
        <span role="status">{words}</span>
      </span>
      {outgoing !== null && outgoing.state === "waiting" && isUploading(outgoing) ? (
        <IconButton
          label={t("file.cancel")}
          size={30}
          onClick={() => desk.cancel(outgoing)}
          data-testid="cancel-upload"
        >
          <Icon of={IconX} size={18} />
        </IconButton>
      ) : null}
      {outgoing !== null ? (
        <progress
          className={styles.progress}
          max={1}
          value={part ?? undefined}
          aria-hidden="true"
        />
      ) : null}
    </div>
  );
}

function Gone({
  messageKey,
  chatId,
  file,
}: {
  messageKey: string;
  chatId: string;
  file: MessageFile;
}) {
  const { t } = useTranslation("messages");
  const { desk } = useDeskAndMe();
  const [asked, setAsked] = useState(false);
  const again =
    file.state === "failed" && file.reason !== "mismatch" && file.reason !== "too_large";
  return (
    <div className={styles.plate} data-testid="file-failed" data-state={file.state}>
      <Icon of={IconAlertTriangle} size={20} />
      <div className={styles.plateWords}>
        {file.name ? (
          <bdi className={styles.fileName} dir="auto">
            {plainName(file.name)}
          </bdi>
        ) : null}
        <p>
          {file.state === "expired"
            ? t("file.expired")
            : file.reason
              ? t(`file.reasons.${file.reason}`)
              : t("file.failed")}
        </p>
        {again ? (
          <button
            type="button"
            className={styles.textButton}
            disabled={asked}
            data-testid="file-again"
            onClick={() => {
              setAsked(true);
              desk.fetchFiles(chatId, messageKey).finally(() => setAsked(false));
            }}
          >
            <Icon of={IconRefresh} size={14} />
            {asked ? t("file.asked") : t("file.again")}
          </button>
        ) : null}
      </div>
    </div>
  );
}

/** Instead of a file whose address leads nowhere any more. */
export function NotThere({ file }: { file: MessageFile }) {
  const { t } = useTranslation("messages");
  return (
    <div className={styles.plate} data-testid="file-gone">
      <Icon of={SIGNS[file.kind] ?? IconAlertTriangle} size={20} />
      <p className={styles.plateWords}>{t("file.gone")}</p>
    </div>
  );
}
