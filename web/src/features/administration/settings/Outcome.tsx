/** What became of the last click on a card of settings. */

import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useRefusal } from "../refusals";
import styles from "./SettingsPage.module.css";
import type { useSaveSettings } from "./useSettings";

export function Outcome({
  save,
  testId,
}: {
  save: ReturnType<typeof useSaveSettings>;
  testId: string;
}) {
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  return (
    <>
      <p className={styles.outcome} role="status" data-testid={testId}>
        {save.isSuccess ? (
          <>
            <Icon of={IconCheck} size={16} /> {words("settings.saved")}
          </>
        ) : null}
      </p>
      {save.isError ? (
        <p className={styles.failure} role="alert">
          {refusal(save.error)}
        </p>
      ) : null}
    </>
  );
}
