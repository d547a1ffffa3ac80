/** «Agendar nova mensagem», «Agendar novo fluxo», and the editing of either until it is due (SCH-1, SCH-2, SCH-5). */

import { Button, NativeSelect } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { MomentInput, type MomentRefusal, momentFrom } from "~/components/MomentInput";
import { Remark } from "~/components/Remark";
import { useReason } from "~/components/useReason";
import { useWhy } from "~/components/useWhy";
import { Window, WindowActions } from "~/components/Window";
import { addSentences } from "~/i18n";
import { newChat } from "~/i18n/newChat";
import { panel } from "~/i18n/panel";
import { templates } from "~/i18n/templates";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Schedule, TemplateToSend } from "~/lib/api/types";
import { forgetLastKey, newClientKey, serverNow } from "~/lib/clock";
import { wrongFields } from "~/lib/fieldValues";
import { timeZone } from "~/lib/time";
import { type Wall, wallOf } from "~/lib/zone";
import { useDeskAndMe } from "../live/DeskContext";
import { YesNo } from "../newChat/YesNo";
import { useOnce } from "../panel/useOnce";
import { TemplateForm } from "../templates/TemplateForm";
import styles from "./Schedules.module.css";
import { publishedOf, useFlows, useRenewed } from "./useSchedules";

addSentences("panel", panel);
addSentences("templates", templates);
addSentences("newChat", newChat);

interface ScheduleWindowProps {
  chatId: string;
  /** Said where the contact is not in sight. */
  contact?: string | null;
  kind: Schedule["kind"];
  /** The one to edit; null for a new one. */
  schedule: Schedule | null;
  close: () => void;
}

type Problems = { moment?: MomentRefusal; flow?: string; template?: string };

export function ScheduleWindow({ chatId, contact, kind, schedule, close }: ScheduleWindowProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { me } = useDeskAndMe();
  const why = useWhy();
  const reasonOf = useReason();
  const once = useOnce();
  const renewed = useRenewed();
  const key = useRef<string | null>(null);
  const [wall, setWall] = useState<Wall>(
    schedule ? wallOf(Date.parse(schedule.due_at), timeZone()) : { day: "", clock: "" },
  );
  const [opens, setOpens] = useState(schedule?.opens ?? false);
  const [flowId, setFlowId] = useState(schedule?.flow_id ?? "");
  const [template, setTemplate] = useState<TemplateToSend | null>(
    schedule && kind === "message" ? templateOf(schedule) : null,
  );
  const [choosing, setChoosing] = useState(schedule === null);
  const [problems, setProblems] = useState<Problems>({});
  const editing = schedule !== null;
  const title = t(
    kind === "message"
      ? editing
        ? "schedule.editMessage"
        : "schedule.message"
      : editing
        ? "schedule.editFlow"
        : "schedule.flow",
  );

  const submit = async () => {
    const moment = momentFrom(wall, serverNow());
    const found: Problems = {};
    if ("problem" in moment) found.moment = moment.problem;
    if (kind === "flow" && flowId === "") found.flow = t("schedule.flowEmpty");
    if (kind === "message" && template === null) found.template = t("schedule.missing");
    setProblems(found);
    if (Object.keys(found).length > 0 || "problem" in moment) return;
    const body = {
      due_at: new Date(moment.at).toISOString(),
      template: kind === "message" ? template : null,
      opens: kind === "message" && opens,
      flow_id: kind === "flow" ? flowId : null,
    };
    const done = await once.run(async () => {
      try {
        if (schedule) {
          await doors.editSchedule(chatId, schedule.schedule_id, {
            ...body,
            version: schedule.version,
          });
        } else {
          key.current ??= newClientKey();
          await doors.addSchedule(chatId, { ...body, client_key: key.current });
        }
      } catch (error) {
        // Something else that is asked for after a refusal is another schedule.
        if (error instanceof Refused && !error.passing) {
          key.current = null;
          if (error.code === "clock_skew") forgetLastKey();
          setProblems(refusedOf(error, reasonOf));
        }
        throw error;
      }
    });
    void renewed();
    if (done) close();
  };

  return (
    <Window
      title={title}
      close={once.busy ? () => {} : close}
      size={kind === "message" && choosing ? 860 : 480}
      testId="schedule-window"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.rows}>
          {contact ? (
            <p>
              <bdi>{t("schedule.for", { name: contact })}</bdi>
            </p>
          ) : null}
          {kind === "flow" ? (
            <FlowField
              value={flowId}
              change={(id) => {
                setFlowId(id);
                setProblems(({ flow: _, ...rest }) => rest);
              }}
              problem={problems.flow ?? null}
            />
          ) : choosing ? (
            <TemplateForm
              chatId={chatId}
              tried={problems.template !== undefined}
              onReady={(body) => setTemplate(body)}
            />
          ) : (
            <div className={styles.chosen}>
              <span>
                {t("schedule.template")}: <bdi>{schedule?.name}</bdi>
              </span>
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => setChoosing(true)}
                data-testid="schedule-other-template"
              >
                {t("schedule.other")}
              </Button>
            </div>
          )}
          <MomentInput
            wall={wall}
            change={(changed) => {
              setWall(changed);
              setProblems(({ moment: _, ...rest }) => rest);
            }}
            problem={problems.moment ?? null}
            testId="schedule"
          />
          {kind === "message" ? (
            <div>
              <YesNo
                label={t("schedule.openQuestion")}
                value={opens}
                change={setOpens}
                testId="schedule-opens"
              />
              <p className={styles.hint}>{t(opens ? "schedule.openYes" : "schedule.openNo")}</p>
            </div>
          ) : (
            <p className={styles.hint}>{t("schedule.flowCloses")}</p>
          )}
          {kind === "flow" && me.settings.chatbot_since === null ? (
            <Remark tone="warning" testId="schedule-chatbot-off">
              {t("schedule.chatbotOff")}
            </Remark>
          ) : null}
        </div>
        <WindowActions>
          {once.failed ? (
            <Remark tone="danger" testId="schedule-failed">
              {Object.keys(problems).length > 0 ? t("schedule.missing") : wordsOf(once.failed)}
            </Remark>
          ) : null}
          <Button variant="default" onClick={close} disabled={once.busy}>
            {common("app.cancel")}
          </Button>
          <Button type="submit" loading={once.busy} data-testid="schedule-save">
            {t(editing ? "save" : "schedule.save")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );

  function wordsOf(error: unknown): string {
    if (error instanceof Refused && error.code === "too_many") return t("schedule.tooMany");
    if (error instanceof Refused && error.code === "moved_on") return t("schedule.gone");
    return why(error);
  }
}

/** Which flow; only such as are published. */
function FlowField({
  value,
  change,
  problem,
}: {
  value: string;
  change: (flowId: string) => void;
  problem: string | null;
}) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const flows = useFlows();
  if (flows.isError && !flows.data) {
    return (
      <Remark
        tone="danger"
        action={{ label: common("app.retry"), act: () => void flows.refetch() }}
      >
        {t("schedule.flowsFailed")}
      </Remark>
    );
  }
  const runs = publishedOf(flows.data?.flows ?? []);
  const gone =
    value !== "" && flows.data !== undefined && !runs.some((one) => one.flow_id === value);
  const none = flows.data !== undefined && runs.length === 0;
  return (
    <NativeSelect
      label={t("schedule.flowLabel")}
      withAsterisk
      value={gone ? "" : value}
      disabled={flows.data === undefined || none}
      description={none ? t("schedule.flowsNone") : undefined}
      error={problem ?? (gone ? t("schedule.flowGone") : null)}
      onChange={(event) => change(event.currentTarget.value)}
      data-testid="schedule-flow"
    >
      <option value="">{t("schedule.choose")}</option>
      {runs.map((one) => (
        <option key={one.flow_id} value={one.flow_id}>
          {one.name}
        </option>
      ))}
    </NativeSelect>
  );
}

function templateOf(schedule: Schedule): TemplateToSend {
  return {
    name: schedule.name,
    language: schedule.language ?? "",
    values: schedule.values,
  };
}

/** What a refusal says of the form's parts. */
function refusedOf(error: Refused, reasonOf: (reason: string) => string): Problems {
  if (error.code !== "invalid") return {};
  const wrong = wrongFields(error.body);
  const found: Problems = {};
  if (wrong.due_at === "past" || wrong.due_at === "too_far") found.moment = wrong.due_at;
  if (wrong.flow_id) found.flow = reasonOf(wrong.flow_id);
  return found;
}
