/** «Horário de atendimento»: when the agency attends, and its holidays (FLOW-6, ADM-1). */

import { Button, Checkbox, TextInput } from "@mantine/core";
import { IconCopy, IconPlugConnectedX, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { typedClock, wholeClock } from "~/components/clock";
import { DayInput } from "~/components/DayInput";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Notice } from "~/components/Notice";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { addSentences } from "~/i18n";
import { flows as sentences } from "~/i18n/flows";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { BusinessHours, Me } from "~/lib/api/types";
import { zoneName } from "~/lib/time";
import { Card } from "../Card";
import { Page } from "../Page";
import { Status } from "../Parts";
import { EACH_VISIT, stateOf } from "../queries";
import { useRefusal } from "../refusals";
import { useUnsaved } from "../unsaved";
import styles from "./Flows.module.css";
import { type HoursDraft, type HoursProblem, hoursProblems } from "./hours";

addSentences("flows", sentences);

const KEY = ["business_hours"];
const DAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
const MOST_SPANS = 6;
const MOST_HOLIDAYS = 200;

export default function HoursPage(_: { me: Me }) {
  const { t } = useTranslation("flows");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("administration");
  const hours = useQuery({ queryKey: KEY, queryFn: doors.businessHours, ...EACH_VISIT });
  const state = stateOf(hours);
  return (
    <Page title={words("pages.hours")} text={t("hours.text")} narrow>
      {state === "failed" ? (
        <Notice
          alert
          icon={<Icon of={IconPlugConnectedX} size={26} />}
          title={words("table.failedTitle")}
          action={{ label: common("app.retry"), act: () => void hours.refetch() }}
        >
          {words("table.failed")}
        </Notice>
      ) : hours.data ? (
        <Hours hours={hours.data} />
      ) : (
        <Bone width="100%" height={320} />
      )}
    </Page>
  );
}

function Hours({ hours }: { hours: BusinessHours }) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const queries = useQueryClient();
  const refusal = useRefusal();
  const [saved, setSaved] = useState(false);
  // What the form began from: what comes meanwhile takes nothing of a draft away.
  const [version, setVersion] = useState(hours.version);
  const form = useForm<HoursDraft>({
    initial: { days: hours.days, holidays: hours.holidays },
    check: (values) => (hoursProblems(values).size > 0 ? { days: "wrong" } : {}),
    save: async (values) => {
      const after = await doors.saveBusinessHours({ ...values, version });
      queries.setQueryData(KEY, after);
      take(after);
      setSaved(true);
    },
  });
  const { values, set, dirty, busy, reset } = form;
  useUnsaved(dirty);
  const take = useCallback(
    (latest: BusinessHours) => {
      setVersion(latest.version);
      reset({ days: latest.days, holidays: latest.holidays });
    },
    [reset],
  );
  useEffect(() => {
    if (!dirty && !busy && hours.version > version) take(hours);
  }, [dirty, busy, hours, version, take]);
  const reload = async () => {
    await queries.refetchQueries({ queryKey: KEY });
    const latest = queries.getQueryData<BusinessHours>(KEY);
    if (latest) take(latest);
  };
  const problems = form.problems.days ? hoursProblems(values) : new Map<string, HoursProblem>();
  const wordsOf = (path: string) => {
    const problem = problems.get(path);
    return problem ? t(`hours.${problem}`) : null;
  };
  const putSpans = (day: number, spans: HoursDraft["days"][number]) => {
    setSaved(false);
    set(
      "days",
      values.days.map((one, at) => (at === day ? spans : one)),
    );
  };
  const putHoliday = (at: number, part: Partial<HoursDraft["holidays"][number]>) => {
    setSaved(false);
    set(
      "holidays",
      values.holidays.map((one, number) => (number === at ? { ...one, ...part } : one)),
    );
  };
  const meanwhile = form.failed instanceof Refused && form.failed.code === "edited_meanwhile";
  const dayName = (day: number) => t(`hours.days.${DAYS[day] ?? "monday"}`);
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      <Card title={t("hours.week")} text={t("hours.zone", { zone: zoneName() })}>
        <p>
          <Status tone={hours.open_now ? "good" : "quiet"}>
            {t(hours.open_now ? "hours.openNow" : "hours.closedNow")}
          </Status>
        </p>
        <div>
          {values.days.map((spans, day) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a day of the week is its number
            <div key={day} className={styles.dayRow} data-testid={`day-${day}`}>
              <span className={styles.dayTitle}>{dayName(day)}</span>
              <div className={styles.spans}>
                {spans.length === 0 ? (
                  <span className={styles.dayTitle}>{t("hours.closed")}</span>
                ) : null}
                {spans.map((span, number) => {
                  const path = `days.${day}.${number}`;
                  const put = (part: Partial<typeof span>) =>
                    putSpans(
                      day,
                      spans.map((one, at) => (at === number ? { ...one, ...part } : one)),
                    );
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other name
                    <div key={number}>
                      <div className={styles.span}>
                        <span className={styles.spanWord}>{t("hours.from")}</span>
                        <TextInput
                          className={styles.clock}
                          aria-label={t("hours.start", { day: dayName(day) })}
                          value={span.start}
                          maxLength={5}
                          inputMode="numeric"
                          autoComplete="off"
                          error={problems.has(path)}
                          onChange={(event) =>
                            put({ start: typedClock(event.currentTarget.value) })
                          }
                          onBlur={() => put({ start: wholeClock(span.start) })}
                          data-testid={`start-${day}-${number}`}
                        />
                        <span className={styles.spanWord}>{t("hours.to")}</span>
                        <TextInput
                          className={styles.clock}
                          aria-label={t("hours.end", { day: dayName(day) })}
                          value={span.end}
                          maxLength={5}
                          inputMode="numeric"
                          autoComplete="off"
                          error={problems.has(path)}
                          onChange={(event) => put({ end: typedClock(event.currentTarget.value) })}
                          onBlur={() => put({ end: wholeClock(span.end) })}
                          data-testid={`end-${day}-${number}`}
                        />
                        <IconButton
                          label={t("hours.remove", { day: dayName(day) })}
                          type="button"
                          onClick={() =>
                            putSpans(
                              day,
                              spans.filter((_, at) => at !== number),
                            )
                          }
                        >
                          <Icon of={IconX} size={16} />
                        </IconButton>
                      </div>
                      {wordsOf(path) ? <Remark tone="danger">{wordsOf(path)}</Remark> : null}
                    </div>
                  );
                })}
                <div className={styles.span}>
                  <Button
                    variant="subtle"
                    size="compact-sm"
                    leftSection={<Icon of={IconPlus} size={15} />}
                    disabled={spans.length >= MOST_SPANS}
                    onClick={() => putSpans(day, [...spans, { start: "", end: "" }])}
                    data-testid={`add-span-${day}`}
                  >
                    {t("hours.add")}
                  </Button>
                  {spans.length > 0 ? (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      leftSection={<Icon of={IconCopy} size={15} />}
                      onClick={() => {
                        setSaved(false);
                        set(
                          "days",
                          values.days.map((one, at) => (at < 5 || at === day ? spans : one)),
                        );
                      }}
                      data-testid={`copy-${day}`}
                    >
                      {t("hours.copy")}
                    </Button>
                  ) : null}
                </div>
              </div>
            </div>
          ))}
        </div>
      </Card>
      <Card title={t("hours.holidays")} text={t("hours.holidaysHint")}>
        {values.holidays.length === 0 ? (
          <p className={styles.hint}>{t("hours.noHolidays")}</p>
        ) : null}
        {values.holidays.map((holiday, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a holiday that is being written has no name yet
          <div key={at} data-testid="holiday">
            <div className={styles.holiday}>
              <DayInput
                label={t("hours.holidayDate")}
                value={holiday.date}
                change={(date) => putHoliday(at, { date })}
                testId="holiday-date"
              />
              <TextInput
                label={t("hours.holidayName")}
                value={holiday.name}
                maxLength={60}
                dir="auto"
                autoComplete="off"
                onChange={(event) => putHoliday(at, { name: event.currentTarget.value })}
                data-testid="holiday-name"
              />
              <Checkbox
                className={styles.check}
                mt="xl"
                label={t("hours.yearly")}
                checked={holiday.yearly}
                onChange={(event) => putHoliday(at, { yearly: event.currentTarget.checked })}
              />
              <span className={styles.beside}>
                <IconButton
                  label={t("hours.removeHoliday", { name: holiday.name })}
                  type="button"
                  onClick={() => {
                    setSaved(false);
                    set(
                      "holidays",
                      values.holidays.filter((_, number) => number !== at),
                    );
                  }}
                >
                  <Icon of={IconX} size={16} />
                </IconButton>
              </span>
            </div>
            {wordsOf(`holidays.${at}`) ? (
              <Remark tone="danger">{wordsOf(`holidays.${at}`)}</Remark>
            ) : null}
          </div>
        ))}
        <Button
          variant="default"
          size="sm"
          leftSection={<Icon of={IconPlus} size={16} />}
          disabled={values.holidays.length >= MOST_HOLIDAYS}
          onClick={() => {
            setSaved(false);
            set("holidays", [...values.holidays, { date: "", name: "", yearly: false }]);
          }}
          data-testid="add-holiday"
        >
          {t("hours.addHoliday")}
        </Button>
      </Card>
      {form.failed ? (
        <Remark
          tone="danger"
          testId="hours-failed"
          {...(meanwhile
            ? {
                action: {
                  label: t("hours.reload"),
                  act: () => void reload(),
                },
              }
            : {})}
        >
          {meanwhile ? t("hours.editedMeanwhile") : refusal(form.failed)}
        </Remark>
      ) : null}
      {saved && !dirty ? (
        <p role="status" data-testid="hours-saved">
          {t("hours.saved")}
        </p>
      ) : null}
      <div>
        <Button type="submit" loading={busy} disabled={!dirty} data-testid="hours-save">
          {words("form.save")}
        </Button>
      </div>
    </form>
  );
}
