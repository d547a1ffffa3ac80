/** «Configurações gerais»: what holds for the whole agency (ADM-1, READ-1, SEND-8, SEND-10, SEND-14). */

import { Switch } from "@mantine/core";
import { IconCheck, IconPlugConnectedX } from "@tabler/icons-react";
import { useMutation, useMutationState, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import { doors } from "~/lib/api/doors";
import type { Me, SaveSettings, Settings } from "~/lib/api/types";
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
  const save = useMutation({
    mutationKey: KEY,
    scope: { id: "settings" }, // one after the other, in the order of the clicks
    mutationFn: doors.saveSettings,
    onSuccess: (after) => queries.setQueryData<Settings>(KEY, after),
  });
  const wanted = useMutationState({
    filters: { mutationKey: KEY, status: "pending" },
    select: (one) => one.state.variables as SaveSettings,
  });
  // A switch takes effect on the click, and goes back if the server refuses.
  const shown = settings.data && (Object.assign({}, settings.data, ...wanted) as Settings);
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
          {shown ? (
            <>
              <Switch
                label={words("settings.readReceipts")}
                description={words("settings.readReceiptsHint")}
                checked={shown.read_receipts}
                onChange={(event) => save.mutate({ read_receipts: event.currentTarget.checked })}
                data-testid="read-receipts"
              />
              <Switch
                label={words("settings.audioConfirmation")}
                description={words("settings.audioConfirmationHint")}
                checked={shown.audio_confirmation}
                onChange={(event) =>
                  save.mutate({ audio_confirmation: event.currentTarget.checked })
                }
                data-testid="audio-confirmation"
              />
              <Switch
                label={words("settings.namePrefix")}
                description={words("settings.namePrefixHint")}
                checked={shown.name_prefix}
                onChange={(event) => save.mutate({ name_prefix: event.currentTarget.checked })}
                data-testid="name-prefix"
              />
              <Switch
                label={words("settings.humanAgent")}
                description={words("settings.humanAgentHint")}
                checked={shown.human_agent}
                onChange={(event) => save.mutate({ human_agent: event.currentTarget.checked })}
                data-testid="human-agent"
              />
              <p className={styles.outcome} role="status" data-testid="settings-outcome">
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
          ) : (
            <Bone width="70%" height={20} />
          )}
        </Card>
      )}
    </Page>
  );
}
