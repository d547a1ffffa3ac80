/** One channel account: its ids, its secrets (written, never read back), its health (OPS-3). */

import { Button, PasswordInput, Select, Switch, TextInput } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "~/components/CopyButton";
import { FormWindow } from "~/components/FormWindow";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type {
  ChannelDetails,
  ChannelList,
  ChannelName,
  ChannelTest,
  SaveChannel,
} from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { Group } from "../Parts";
import { useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { reasonsOf, useRefusal } from "../refusals";
import styles from "./Channels.module.css";
import { qualityOf, Standing } from "./ChannelsPage";

const CHANNELS: ChannelName[] = ["whatsapp", "instagram", "facebook"];
const ID = /^[0-9A-Za-z_-]{1,50}$/;
const SECRETS = ["token", "app_secret", "verify_token"] as const;

interface ChannelWindowProps {
  /** Null: a new one. */
  channel: ChannelDetails | null;
  close: () => void;
}

interface Values {
  channel: ChannelName;
  account: string;
  display: string;
  portfolio: string;
  page: string;
  active: boolean;
  human_agent: boolean;
  token: string;
  app_secret: string;
  verify_token: string;
}

export function ChannelWindow({ channel, close }: ChannelWindowProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [removing, setRemoving] = useState(false);
  const form = useForm<Values>({
    initial: {
      channel: channel?.channel ?? "whatsapp",
      account: channel?.account ?? "",
      display: channel?.display ?? "",
      portfolio: channel?.portfolio ?? "",
      page: channel?.page ?? "",
      active: channel?.active ?? true,
      human_agent: channel?.human_agent ?? false,
      token: "",
      app_secret: "",
      verify_token: "",
    },
    check: (values) => {
      const found: Partial<Record<keyof Values, string>> = {};
      if (!values.display.trim()) found.display = words("form.required");
      if (!channel && !values.account.trim()) found.account = words("form.required");
      else if (!ID.test(values.account.trim())) found.account = words("channels.idWrong");
      if (values.channel === "whatsapp") {
        if (!values.portfolio.trim()) found.portfolio = words("form.required");
        else if (!ID.test(values.portfolio.trim())) found.portfolio = words("channels.idWrong");
      }
      if (values.page.trim() && !ID.test(values.page.trim())) {
        found.page = words("channels.idWrong");
      }
      if (!channel) {
        for (const name of SECRETS) {
          if (!values[name].trim()) found[name] = words("form.required");
        }
      }
      for (const name of SECRETS) {
        if (/\s/.test(values[name].trim())) found[name] = words("channels.secretWrong");
      }
      return found;
    },
    save: async (values) => {
      const wanted: SaveChannel = {
        display: values.display.trim(),
        portfolio: values.channel === "whatsapp" ? values.portfolio.trim() : "",
        page: values.channel === "instagram" ? values.page.trim() : "",
        active: values.active,
        human_agent: values.channel !== "whatsapp" && values.human_agent,
      };
      for (const name of SECRETS) {
        if (values[name].trim()) wanted[name] = values[name].trim();
      }
      try {
        if (channel) await doors.saveChannel(channel.channel_id, wanted);
        else {
          await doors.addChannel({
            ...wanted,
            channel: values.channel,
            account: values.account.trim(),
          });
        }
      } catch (error) {
        const beside = refusedBeside(error);
        if (beside === null) throw error;
        form.refuse(beside);
        return;
      }
      await renew("channels", "me", "templates");
      close();
    },
  });
  /** What the server found wrong with a field of this form; null when it was something else. */
  const refusedBeside = (error: unknown): Partial<Record<keyof Values, string>> | null => {
    if (error instanceof Refused && error.code === "channel_exists") {
      return { account: t("errors.channel_exists") };
    }
    const found: Partial<Record<keyof Values, string>> = {};
    for (const path of reasonsOf(error).keys()) {
      if (!(path in form.values)) return null;
      found[path as keyof Values] = /token|secret/.test(path)
        ? words("channels.secretWrong")
        : words("channels.idWrong");
    }
    return Object.keys(found).length > 0 ? found : null;
  };
  const { values, problems, set, left } = form;
  const field = (name: "account" | "display" | "portfolio" | "page", more: object = {}) => (
    <TextInput
      label={words(`channels.${labelOf(name, values.channel)}`)}
      value={values[name]}
      maxLength={60}
      error={problems[name]}
      onChange={(event) => set(name, event.currentTarget.value)}
      onBlur={() => left(name)}
      data-testid={`channel-${name}`}
      autoComplete="off"
      {...more}
    />
  );
  return (
    <>
      <FormWindow
        title={words(channel ? "channels.editTitle" : "channels.newTitle")}
        save={words(channel ? "form.save" : "channels.connect")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        size={620}
        testId="channel"
        aside={channel ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        {channel ? (
          <Health channel={channel} dirty={form.dirty} />
        ) : (
          <Select
            label={words("channels.kind")}
            data={CHANNELS.map((value) => ({ value, label: t(`channels.${value}`) }))}
            value={values.channel}
            allowDeselect={false}
            onChange={(value) => value && set("channel", value as ChannelName)}
            data-testid="channel-kind"
          />
        )}
        {field("display", {
          required: true,
          dir: "auto",
          description: words("channels.displayHint"),
          "data-autofocus": channel ? undefined : true,
        })}
        {channel ? null : field("account", { required: true })}
        {values.channel === "whatsapp" ? field("portfolio", { required: true }) : null}
        {values.channel === "instagram"
          ? field("page", { description: words("channels.pageHint") })
          : null}
        <Group title={words("channels.secrets")}>
          {SECRETS.map((name) => (
            <PasswordInput
              key={name}
              label={words(`channels.${name}`)}
              description={channel?.[`has_${name}`] ? words("channels.kept") : undefined}
              placeholder={channel?.[`has_${name}`] ? "••••••••" : undefined}
              value={values[name]}
              error={problems[name]}
              required={!channel}
              maxLength={4096}
              onChange={(event) => set(name, event.currentTarget.value)}
              onBlur={() => left(name)}
              data-testid={`channel-${name}`}
              autoComplete="off"
              visibilityToggleButtonProps={{ "aria-label": words("channels.show") }}
            />
          ))}
        </Group>
        {values.channel === "whatsapp" ? null : (
          <Switch
            label={words("channels.humanAgent")}
            description={words("channels.humanAgentHint")}
            checked={values.human_agent}
            onChange={(event) => set("human_agent", event.currentTarget.checked)}
            data-testid="channel-human-agent"
          />
        )}
        {channel ? (
          <Switch
            label={words("channels.active")}
            description={words("channels.activeHint")}
            checked={values.active}
            onChange={(event) => set("active", event.currentTarget.checked)}
            data-testid="channel-active"
          />
        ) : null}
      </FormWindow>
      {channel && removing ? (
        <Removal
          question={words("channels.removeTitle", { name: channel.display })}
          remove={async () => {
            await doors.removeChannel(channel.channel_id);
            await renew("channels", "me");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {words("channels.removeText")}
        </Removal>
      ) : null}
    </>
  );
}

function labelOf(name: "account" | "display" | "portfolio" | "page", channel: ChannelName) {
  return name === "account" ? (`accounts.${channel}` as const) : name;
}

/** What is known of the account, where its webhooks go, and the question to Meta. */
function Health({ channel, dirty }: { channel: ChannelDetails; dirty: boolean }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const queries = useQueryClient();
  const [test, setTest] = useState<"idle" | "busy" | ChannelTest | { failed: unknown }>("idle");
  const ask = async () => {
    setTest("busy");
    try {
      const told = await doors.testChannel(channel.channel_id);
      queries.setQueryData<ChannelList>(["channels"], (known) =>
        known
          ? {
              channels: known.channels.map((one) =>
                one.channel_id === told.channel.channel_id ? told.channel : one,
              ),
            }
          : known,
      );
      void queries.invalidateQueries({ queryKey: ["me"] });
      setTest(told);
    } catch (error) {
      setTest({ failed: error });
    }
  };
  // The doors do not know under which origin the page is served.
  const webhookUrl = new URL(channel.webhook_url, window.location.origin).href;
  const failure =
    typeof test === "object"
      ? "failed" in test
        ? refusal(test.failed)
        : test.failure
          ? words("channels.refused", { code: test.failure.code, title: test.failure.title })
          : null
      : null;
  const facts: [string, React.ReactNode][] = [
    [words(`channels.accounts.${channel.channel}`), channel.account],
    [words("channels.status"), <Standing key="standing" channel={channel} />],
    [words("channels.name"), channel.name],
    [
      words("channels.quality"),
      channel.quality === null ? null : words(`channels.qualities.${qualityOf(channel.quality)}`),
    ],
    [words("channels.throughput"), channel.throughput],
    [
      words("channels.lastWebhook"),
      channel.last_webhook_at === null
        ? words("channels.never")
        : fullTime(channel.last_webhook_at),
    ],
    [
      words("channels.webhookUrl"),
      <span key="address" className={styles.copied}>
        <code>{webhookUrl}</code>
        <CopyButton text={webhookUrl} label={words("channels.copyUrl")} />
      </span>,
    ],
  ];
  return (
    <>
      {channel.problem === null ? null : (
        <Remark tone="danger">
          {t(`problems.${channel.problem}`, { channel: channel.display })}
        </Remark>
      )}
      <dl className={styles.facts}>
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <div className={styles.test}>
        <Button
          variant="default"
          leftSection={<Icon of={IconPlugConnected} />}
          onClick={() => void ask()}
          loading={test === "busy"}
          disabled={dirty}
          data-testid="channel-test"
        >
          {words("channels.test")}
        </Button>
        <span role="status" data-testid="channel-test-outcome">
          {typeof test === "object" && failure === null ? words("channels.works") : null}
        </span>
      </div>
      {failure === null ? null : (
        <Remark tone="danger" testId="channel-test-failure">
          {failure}
        </Remark>
      )}
    </>
  );
}
