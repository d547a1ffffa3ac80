/** «Configurações do Chat»: who the contact is, until when the session lasts, who attends. */

import { IconChevronDown, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { CopyButton } from "~/components/CopyButton";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useNow } from "~/components/useNow";
import type { Chat } from "~/lib/api/types";
import { sessionState } from "~/lib/session";
import { kept } from "~/lib/storage";
import { formatPhone } from "~/lib/text";
import { fullTime, untilTime } from "~/lib/time";
import { useDesk, useDeskAndMe } from "../live/DeskContext";
import { nameOf } from "../live/names";
import styles from "./Panel.module.css";

export default function Panel({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const open = useDesk((snapshot) => snapshot.state.chat);
  return (
    <aside className={styles.panel} aria-label={t("areas.panel")} data-testid="panel">
      <header className={styles.header}>
        <h2 className={styles.title}>{t("areas.panel")}</h2>
        <IconButton label={t("conversation.closePanel")} onClick={close}>
          <Icon of={IconX} />
        </IconButton>
      </header>
      {open ? <Facts chat={open.chat} /> : null}
    </aside>
  );
}

function Facts({ chat }: { chat: Chat }) {
  const { t } = useTranslation();
  const { agents, departments } = useDeskAndMe();
  const channels = useDesk((snapshot) => snapshot.state.channels);
  const now = useNow(15_000);
  const { row, session } = chat;
  const name = nameOf(row, t("authors.contact"));
  const display = channels.find(
    (channel) => channel.channel === row.channel && channel.account === row.account,
  )?.display;
  const channel = t(`channels.${row.channel}`);
  const state = sessionState(session, now);
  const validity =
    state === "none" || session.ends_at === null
      ? t("panel.sessionNone")
      : state === "expired"
        ? t("panel.sessionExpired", { at: fullTime(session.ends_at) })
        : t(state === "expiring" ? "panel.sessionExpiring" : "panel.sessionOpen", {
            until: untilTime(session.ends_at, now),
          });
  return (
    <div className={styles.body}>
      <div className={styles.who}>
        <Avatar name={name} size={64} />
        <p className={styles.name} dir="auto">
          <bdi>{name}</bdi>
        </p>
      </div>
      <Section id="contact" title={t("panel.contact")}>
        <Fact term={t("panel.name")}>
          <bdi dir="auto">{name}</bdi>
        </Fact>
        {row.username ? <Fact term={t("panel.username")}>{row.username}</Fact> : null}
        <Fact term={t("panel.channel")}>
          {display ? t("panel.channelNumber", { channel, number: display }) : channel}
        </Fact>
        {row.phone ? <Fact term={t("panel.phone")}>{formatPhone(row.phone)}</Fact> : null}
      </Section>
      <Section id="session" title={t("panel.session")}>
        <Fact term={t("panel.validity")}>
          <span className={styles.session} data-state={state} data-testid="session-validity">
            {validity}
          </span>
        </Fact>
      </Section>
      <Section id="service" title={t("panel.service")}>
        <Fact term={t("panel.state")}>
          {row.closed ? t("panel.stateClosed") : t("panel.stateOpen")}
        </Fact>
        <Fact term={t("panel.protocol")}>
          {chat.protocol ? (
            <span className={styles.copied}>
              <span data-testid="protocol">{chat.protocol}</span>
              <CopyButton text={chat.protocol} label={t("panel.copyProtocol")} />
            </span>
          ) : (
            t("panel.noProtocol")
          )}
        </Fact>
        <Fact term={t("panel.agent")}>
          {row.agent_id === null
            ? t("panel.nobody")
            : (agents.get(row.agent_id)?.name ?? t("agents.unknown"))}
        </Fact>
        <Fact term={t("panel.department")}>
          {row.department_id === null
            ? t("panel.noDepartment")
            : (departments.get(row.department_id)?.name ?? t("departments.unknown"))}
        </Fact>
        <Fact term={t("panel.opened")}>
          {row.opened_at ? fullTime(row.opened_at) : t("panel.neverOpened")}
        </Fact>
      </Section>
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  const key = `panel-folded:${id}`;
  const [folded, setFolded] = useState(() => kept.get(key) === "yes");
  const fold = () => {
    kept.set(key, folded ? "no" : "yes");
    setFolded(!folded);
  };
  return (
    <section className={styles.section}>
      <h3>
        <button type="button" className={styles.fold} aria-expanded={!folded} onClick={fold}>
          {title}
          <span className={styles.chevron} data-folded={folded}>
            <Icon of={IconChevronDown} size={16} />
          </span>
        </button>
      </h3>
      {folded ? null : <dl className={styles.facts}>{children}</dl>}
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
