/** «Configurações gerais»: what holds for the whole agency (ADM-1, READ-1, SEND-8, SEND-10, SEND-14, SES-4, FLOW-13, CLOSE-5). */

import { Switch } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import type { Me } from "~/lib/api/types";
import { Card } from "../Card";
import { Page } from "../Page";
import { stateOf } from "../queries";
import { ChatbotSettings } from "./ChatbotSettings";
import { Outcome } from "./Outcome";
import { SessionSettings } from "./SessionSettings";
import { useSaveSettings, useSettings } from "./useSettings";

export default function SettingsPage({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const { settings, shown } = useSettings();
  const save = useSaveSettings();
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
        <>
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
                <Outcome save={save} testId="settings-outcome" />
              </>
            ) : (
              <Bone width="70%" height={20} />
            )}
          </Card>
          {shown ? (
            <ChatbotSettings shown={shown} mayDesign={me.agent.permissions.includes("flows")} />
          ) : null}
          {shown ? <SessionSettings shown={shown} /> : null}
        </>
      )}
    </Page>
  );
}
