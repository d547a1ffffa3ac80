/** «Configurações gerais»: what holds for the whole agency (ADM-1, READ-1, SEND-8, SEND-10, SEND-14). */

import { Switch } from "@mantine/core";
import { IconCheck, IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import { doors } from "~/lib/api/doors";
import type { Me, Settings } from "~/lib/api/types";
import { Card } from "../Card";
import { Page } from "../Page";
import { EACH_VISIT, stateOf } from "../queries";
import { useRefusal } from "../refusals";
import styles from "./SettingsPage.module.css";

const KEY = ["settings"];

export default function SettingsPage(_: { me: Me }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const queries = useQueryClient();
  const settings = useQuery({ queryKey: KEY, queryFn: doors.settings, ...EACH_VISIT });
  const [saving, setSaving] = useState<"idle" | "busy" | "saved" | { failed: unknown }>("idle");
  const running = useRef(false);
  // A switch takes effect on the click, and goes back if the server refuses.
  const change = async (wanted: Partial<Settings>) => {
    const before = settings.data;
    if (!before || running.current) return;
    running.current = true;
    setSaving("busy");
    queries.setQueryData<Settings>(KEY, { ...before, ...wanted });
    try {
      queries.setQueryData<Settings>(KEY, await doors.saveSettings({ ...before, ...wanted }));
      setSaving("saved");
    } catch (error) {
      queries.setQueryData<Settings>(KEY, before);
      setSaving({ failed: error });
    } finally {
      running.current = false;
    }
  };
  const state = stateOf(settings);
  return (
    <Page title={words("pages.settings")} text={words("settings.text")} narrow>
      {state === "failed" ? (
        <Notice
          alert
          icon={<Icon of={IconPlugConnectedX} size={26} />}
          title={words("table.failedTitle")}
          action={{ label: t("app.retry"), act: () => void settings.refetch() }}
        >
          {words("table.failed")}
        </Notice>
      ) : (
        <Card title={words("settings.messages")}>
          {settings.data ? (
            <>
              <Switch
                label={words("settings.readReceipts")}
                description={words("settings.readReceiptsHint")}
                checked={settings.data.read_receipts}
                onChange={(event) => void change({ read_receipts: event.currentTarget.checked })}
                data-testid="read-receipts"
              />
              <Switch
                label={words("settings.audioConfirmation")}
                description={words("settings.audioConfirmationHint")}
                checked={settings.data.audio_confirmation}
                onChange={(event) =>
                  void change({ audio_confirmation: event.currentTarget.checked })
                }
                data-testid="audio-confirmation"
              />
              <Switch
                label={words("settings.namePrefix")}
                description={words("settings.namePrefixHint")}
                checked={settings.data.name_prefix}
                onChange={(event) => void change({ name_prefix: event.currentTarget.checked })}
                data-testid="name-prefix"
              />
              <Switch
                label={words("settings.humanAgent")}
                description={words("settings.humanAgentHint")}
                checked={settings.data.human_agent}
                onChange={(event) => void change({ human_agent: event.currentTarget.checked })}
                data-testid="human-agent"
              />
              <p className={styles.outcome} role="status" data-testid="settings-outcome">
                {saving === "saved" ? (
                  <>
                    <Icon of={IconCheck} size={16} /> {words("settings.saved")}
                  </>
                ) : null}
              </p>
              {typeof saving === "object" ? (
                <p className={styles.failure} role="alert">
                  {refusal(saving.failed)}
                </p>
              ) : null}
            </>
          ) : (
            <Bone width="70%" height={20} />
          )}
        </Card>
      )}
    </Page>
  );
}
