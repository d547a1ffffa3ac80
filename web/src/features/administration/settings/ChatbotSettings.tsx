/** The chatbot's switch, its main flow, and the flow that follows a closing (FLOW-13, CLOSE-5). */

import { NativeSelect, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Remark } from "~/components/Remark";
import { publishedOf, useFlows } from "~/features/schedules/useSchedules";
import type { Settings } from "~/lib/api/types";
import { Card } from "../Card";
import { Outcome } from "./Outcome";
import styles from "./SettingsPage.module.css";
import { useSaveSettings } from "./useSettings";

/** `shown`: as they are, with what is on its way to the server. */
export function ChatbotSettings({ shown, mayDesign }: { shown: Settings; mayDesign: boolean }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const save = useSaveSettings();
  const flows = useFlows();
  const runs = publishedOf(flows.data?.flows ?? []);
  const options = (chosen: string | null) => [
    { value: "", label: words("settings.mainFlowNone") },
    ...runs.map((one) => ({ value: one.flow_id, label: one.name })),
    // What was chosen and went away is said as that, and is not lost by a look.
    ...(chosen && flows.data && !runs.some((one) => one.flow_id === chosen)
      ? [{ value: chosen, label: words("settings.unpublished") }]
      : []),
  ];
  const off = shown.chatbot && !shown.main_flow_id;
  return (
    <Card title={words("settings.chatbot")}>
      <Switch
        label={words("settings.chatbotOn")}
        description={words("settings.chatbotHint")}
        checked={shown.chatbot}
        onChange={(event) => save.mutate({ chatbot: event.currentTarget.checked })}
        data-testid="chatbot"
      />
      {off ? (
        <Remark tone="warning" testId="chatbot-off">
          {words("settings.chatbotOffNow")}
        </Remark>
      ) : null}
      {flows.isError && !flows.data ? (
        <Remark tone="danger" action={{ label: t("app.retry"), act: () => void flows.refetch() }}>
          {words("settings.flowsFailed")}
        </Remark>
      ) : null}
      <NativeSelect
        label={words("settings.mainFlow")}
        description={words("settings.mainFlowHint")}
        value={shown.main_flow_id ?? ""}
        disabled={!flows.data}
        onChange={(event) => save.mutate({ main_flow_id: event.currentTarget.value })}
        data={options(shown.main_flow_id)}
        data-testid="main-flow"
      />
      <NativeSelect
        label={words("settings.closingFlow")}
        description={words("settings.closingFlowHint")}
        value={shown.closing_flow_id ?? ""}
        disabled={!flows.data}
        onChange={(event) => save.mutate({ closing_flow_id: event.currentTarget.value })}
        data={options(shown.closing_flow_id)}
        data-testid="closing-flow"
      />
      {flows.data && runs.length === 0 ? (
        <p className={styles.quiet}>
          {mayDesign ? (
            <Link to="/fluxos">{words("settings.noFlows")}</Link>
          ) : (
            words("settings.noFlows")
          )}
        </p>
      ) : null}
      <Outcome save={save} testId="chatbot-outcome" />
    </Card>
  );
}
