/** One webhook: address, switch, from where each field comes, and what arrived (FLOW-10). */

import { Button, NativeSelect, Switch, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { FormWindow } from "~/components/FormWindow";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { publishedOf } from "~/features/schedules/useSchedules";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { FlowSummary, HookCall, IncomingWebhook, Me } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Group } from "../Parts";
import { useLabels, useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { reasonsOf, useRefusal } from "../refusals";
import styles from "./Flows.module.css";
import { isPath, leavesOf, pretty } from "./leaves";

const OWN = [
  "telefone",
  "nome",
  "email",
  "cpf",
  "rg",
  "data_nascimento",
  "codigo_cliente",
] as const;
const PHONE = "telefone";
const LONGEST_NAME = 60;
const MOST_FIELDS = 50;

interface Mapped {
  id: number;
  path: string;
  field: string;
}

type Values = {
  name: string;
  production: boolean;
  account: string;
  foreign: boolean;
  event_path: string;
  mapping: Mapped[];
  flow_id: string;
};

interface WebhookWindowProps {
  me: Me;
  /** Null: a new one. */
  webhook: IncomingWebhook | null;
  flows: FlowSummary[];
  /** A new one stays open: its address is to be copied, and its first call awaited. */
  made: (webhook: IncomingWebhook) => void;
  close: () => void;
}

let drawn = 0;
const mapped = (path = "", field = ""): Mapped => {
  drawn += 1;
  return { id: drawn, path, field };
};

const valuesOf = (webhook: IncomingWebhook | null): Values => {
  const mapping = webhook?.mapping.map((one) => mapped(one.path, one.field)) ?? [];
  return {
    name: webhook?.name ?? "",
    production: webhook?.production ?? false,
    account: webhook?.account ?? "",
    foreign: webhook?.foreign ?? false,
    event_path: webhook?.event_path ?? "",
    // The phone is always asked for: nothing works without it.
    mapping: mapping.some((one) => one.field === PHONE) ? mapping : [mapped("", PHONE), ...mapping],
    flow_id: webhook?.flow_id ?? "",
  };
};

export function WebhookWindow({ me, webhook, flows, made, close }: WebhookWindowProps) {
  const { t } = useTranslation("flows");
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const labels = useLabels();
  const [removing, setRemoving] = useState(false);
  // As the window found them: what others save meanwhile is refused, not written over.
  const [initial] = useState(() => valuesOf(webhook));
  const [version] = useState(webhook?.version ?? 0);
  const form = useForm<Values>({
    initial,
    check: ({ name, production, event_path, mapping }) => {
      const rows = mapping.filter(
        (one) => one.path !== "" || (one.field !== "" && one.field !== PHONE),
      );
      const bad = rows.find((one) => !isPath(one.path) || one.field === "");
      const fields = rows.map((one) => one.field);
      const lacks = production && !fields.includes(PHONE);
      return {
        ...(name.trim() ? {} : { name: words("form.required") }),
        ...(event_path === "" || isPath(event_path) ? {} : { event_path: t("hooks.pathWrong") }),
        ...(lacks
          ? { mapping: t("hooks.phoneMissing") }
          : bad
            ? { mapping: t(bad.field === "" ? "hooks.fieldNeeded" : "hooks.pathWrong") }
            : new Set(fields).size < fields.length
              ? { mapping: t("hooks.fieldRepeated") }
              : {}),
      };
    },
    save: async (values) => {
      const wanted = {
        version,
        name: values.name.trim(),
        production: values.production,
        account: values.account || null,
        foreign: values.foreign,
        event_path: values.event_path,
        mapping: values.mapping
          .filter((one) => one.path !== "" && one.field !== "")
          .map(({ path, field }) => ({ path, field })),
        flow_id: values.flow_id || null,
      };
      if (webhook) {
        await doors.saveIncomingWebhook(webhook.webhook_id, wanted);
        await renew("webhooks");
        close();
      } else {
        const added = await doors.addIncomingWebhook(wanted);
        await renew("webhooks");
        made(added);
      }
    },
  });
  const { values, problems, set, left } = form;
  // The server knows the path; the page knows under which name it is reached.
  const address = webhook ? new URL(webhook.url, location.origin).href : "";
  const accounts = me.channels.filter((one) => one.channel === "whatsapp");
  const runs = publishedOf(flows);
  const refusedFlow = reasonsOf(form.failed).get("flow_id");
  const names = useMemo(
    () => [
      ...OWN.map((field) => ({ value: field as string, label: t(`hooks.fields.${field}`) })),
      ...(labels.data?.fields ?? [])
        .filter((one) => one.active && one.kind !== "image")
        .map((one) => ({ value: one.slug, label: one.name })),
    ],
    [labels.data, t],
  );
  const put = (id: number, part: Partial<Mapped>) =>
    set(
      "mapping",
      values.mapping.map((one) => (one.id === id ? { ...one, ...part } : one)),
    );
  const use = (path: string) => {
    const free = values.mapping.find((one) => one.path === "");
    if (free) put(free.id, { path });
    else if (values.mapping.length < MOST_FIELDS) set("mapping", [...values.mapping, mapped(path)]);
  };
  return (
    <>
      <FormWindow
        title={t(webhook ? "hooks.editTitle" : "hooks.newTitle")}
        save={words(webhook ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={
          form.failed
            ? form.failed instanceof Refused && form.failed.code === "edited_meanwhile"
              ? t("hooks.editedMeanwhile")
              : refusal(form.failed)
            : null
        }
        testId="webhook"
        size={720}
        aside={webhook ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        <div className={styles.form}>
          <TextInput
            label={t("hooks.name")}
            value={values.name}
            maxLength={LONGEST_NAME}
            error={problems.name}
            onChange={(event) => set("name", event.currentTarget.value)}
            onBlur={() => left("name")}
            data-autofocus={webhook ? undefined : true}
            data-testid="webhook-name"
            dir="auto"
            autoComplete="off"
            required
          />
          {webhook ? (
            <div>
              <p className={styles.label}>{t("hooks.url")}</p>
              <p className={styles.url}>
                <span data-testid="webhook-url">{address}</span>
                <CopyButton text={address} label={t("hooks.copy")} />
              </p>
              <p className={styles.hint}>{t("hooks.urlHint")}</p>
            </div>
          ) : null}
          <Switch
            label={t("hooks.switch")}
            description={t("hooks.switchHint")}
            checked={values.production}
            onChange={(event) => set("production", event.currentTarget.checked)}
            data-testid="webhook-production"
          />
          <NativeSelect
            label={t("hooks.flow")}
            value={values.flow_id}
            onChange={(event) => set("flow_id", event.currentTarget.value)}
            error={refusedFlow ? t("hooks.unpublished") : null}
            data={[
              { value: "", label: t("hooks.noFlow") },
              ...runs.map((one) => ({ value: one.flow_id, label: one.name })),
              ...(values.flow_id && !runs.some((one) => one.flow_id === values.flow_id)
                ? [{ value: values.flow_id, label: t("hooks.unpublished") }]
                : []),
            ]}
            data-testid="webhook-flow"
          />
          <Group title={t("hooks.mapping")}>
            <p className={styles.hint}>{t("hooks.mappingHint")}</p>
            {values.mapping.map((one) => (
              <div key={one.id} className={styles.mapping} data-testid="mapping">
                <TextInput
                  aria-label={t("hooks.path")}
                  placeholder={t("hooks.path")}
                  value={one.path}
                  maxLength={400}
                  spellCheck={false}
                  autoComplete="off"
                  onChange={(event) => put(one.id, { path: event.currentTarget.value.trim() })}
                  onBlur={() => left("mapping")}
                  data-testid="mapping-path"
                />
                <NativeSelect
                  aria-label={t("hooks.field")}
                  value={one.field}
                  onChange={(event) => put(one.id, { field: event.currentTarget.value })}
                  data={[
                    { value: "", label: t("hooks.choose") },
                    ...names,
                    ...(one.field && labels.data && !names.some(({ value }) => value === one.field)
                      ? [{ value: one.field, label: t("hooks.fieldGone", { field: one.field }) }]
                      : []),
                  ]}
                  data-testid="mapping-field"
                />
                <IconButton
                  label={t("hooks.removeMapping", { path: one.path })}
                  type="button"
                  onClick={() =>
                    set(
                      "mapping",
                      values.mapping.filter((other) => other.id !== one.id),
                    )
                  }
                >
                  <Icon of={IconX} size={16} />
                </IconButton>
              </div>
            ))}
            {problems.mapping ? <Remark tone="danger">{problems.mapping}</Remark> : null}
            <Button
              variant="default"
              size="sm"
              leftSection={<Icon of={IconPlus} size={16} />}
              disabled={values.mapping.length >= MOST_FIELDS}
              onClick={() => set("mapping", [...values.mapping, mapped()])}
              data-testid="add-mapping"
            >
              {t("hooks.addMapping")}
            </Button>
          </Group>
          {accounts.length > 1 ? (
            <NativeSelect
              label={t("hooks.account")}
              value={values.account}
              onChange={(event) => set("account", event.currentTarget.value)}
              data={[
                { value: "", label: t("hooks.anyAccount") },
                ...accounts.map((one) => ({ value: one.account, label: one.display })),
              ]}
            />
          ) : null}
          <Switch
            label={t("hooks.foreign")}
            checked={values.foreign}
            onChange={(event) => set("foreign", event.currentTarget.checked)}
          />
          <TextInput
            label={t("hooks.event")}
            description={t("hooks.eventHint")}
            value={values.event_path}
            maxLength={400}
            spellCheck={false}
            autoComplete="off"
            error={problems.event_path}
            onChange={(event) => set("event_path", event.currentTarget.value.trim())}
            onBlur={() => left("event_path")}
            data-testid="webhook-event"
          />
          {webhook ? <Calls calls={webhook.calls} use={use} /> : null}
        </div>
      </FormWindow>
      {webhook && removing ? (
        <Removal
          question={t("hooks.removeTitle", { name: webhook.name })}
          remove={async () => {
            await doors.removeIncomingWebhook(webhook.webhook_id);
            await renew("webhooks");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {t("hooks.removeText")}
        </Removal>
      ) : null}
    </>
  );
}

/** What arrived lately, and the places of the newest that are JSON, to be chosen by a click. */
function Calls({ calls, use }: { calls: HookCall[]; use: (path: string) => void }) {
  const { t } = useTranslation("flows");
  const { t: common } = useTranslation();
  const leaves = useMemo(() => {
    for (const call of calls) {
      const found = leavesOf(call.body);
      if (found.length > 0) return found;
    }
    return [];
  }, [calls]);
  return (
    <Group title={t("hooks.calls")}>
      {calls.length === 0 ? <p className={styles.hint}>{t("hooks.noCalls")}</p> : null}
      {leaves.length > 0 ? (
        <ul className={styles.leaves}>
          {leaves.map((leaf) => (
            <li key={leaf.path}>
              <button
                type="button"
                className={styles.leaf}
                title={t("hooks.use", { path: leaf.path })}
                onClick={() => use(leaf.path)}
                data-testid="leaf"
              >
                <span className={styles.path}>{leaf.path}</span>
                <bdi dir="auto">{leaf.value}</bdi>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <ul className={styles.calls} aria-live="polite">
        {calls.map((call) => (
          <li key={call.call_id} className={styles.call} data-testid="hook-call">
            <span>
              {fullTime(call.at)} ·{" "}
              <strong>{common(`hookOutcomes.${call.test ? "test" : call.outcome}`)}</strong>
              {call.reason
                ? call.test
                  ? `. ${t("hooks.inProduction", { why: common(`hookReasons.${call.reason}`) })}`
                  : `: ${common(`hookReasons.${call.reason}`)}`
                : null}
            </span>
            {call.skipped.length > 0 ? (
              <span>{t("hooks.skipped", { fields: call.skipped.join(", ") })}</span>
            ) : null}
            <details>
              <summary>{t("hooks.raw")}</summary>
              <pre>{pretty(call.body)}</pre>
            </details>
          </li>
        ))}
      </ul>
    </Group>
  );
}
