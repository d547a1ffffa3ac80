/** What is known of the contact (INFO-2), and whether broadcasts reach them (INFO-3). */

import "@mantine/core/styles/Switch.css";
import { Button, Switch } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import type { Chat, Contact, Field, FieldValue } from "~/lib/api/types";
import { linkOf, showCpf, showDay, showValue } from "~/lib/fieldValues";
import { formatPhone } from "~/lib/text";
import { useDesk } from "../live/DeskContext";
import styles from "./Panel.module.css";
import { Fact, Section } from "./Section";
import { SYSTEM_FIELDS } from "./systemFields";
import { useContactCommands } from "./useContact";
import { useLabels } from "./useLabels";
import type { Ask } from "./windows";

interface ContactSectionProps {
  chat: Chat;
  contact: Contact | null;
  failed: boolean;
  again: () => void;
  ask: Ask;
}

export function ContactSection({ chat, contact, failed, again, ask }: ContactSectionProps) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const channels = useDesk((snapshot) => snapshot.state.channels);
  const { row } = chat;
  const number = channels.find(
    (channel) => channel.channel === row.channel && channel.account === row.account,
  )?.display;
  const channel = common(`channels.${row.channel}`);
  const whatsapp = row.channel === "whatsapp";
  return (
    <Section id="contact" title={t("contact")}>
      <dl className={styles.facts}>
        <Fact term={t("channel")} testId="fact-channel">
          {whatsapp && number ? t("channelNumber", { channel, number }) : channel}
        </Fact>
        {whatsapp && row.phone ? (
          <Fact term={t("phone")} testId="fact-phone">
            {formatPhone(row.phone)}
          </Fact>
        ) : null}
        {row.username ? (
          <Fact term={t("username")}>
            <bdi>{row.username}</bdi>
          </Fact>
        ) : null}
        {contact ? <Known contact={contact} /> : null}
      </dl>
      {contact ? (
        <>
          <Button
            variant="default"
            size="sm"
            leftSection={<Icon of={IconPencil} size={16} />}
            onClick={() => ask({ window: "edit" })}
            data-testid="edit-contact"
          >
            {t("edit")}
          </Button>
          <Broadcasts contact={contact} />
        </>
      ) : failed ? (
        <Remark tone="danger" action={{ label: common("app.retry"), act: again }}>
          {t("contactFailed")}
        </Remark>
      ) : (
        <div className={styles.bones} role="status" aria-label={t("loadingContact")}>
          <Bone width="38%" height={10} />
          <Bone width="64%" height={14} />
          <Bone width="30%" height={10} />
          <Bone width="52%" height={14} />
          <Bone width={130} height={36} />
        </div>
      )}
    </Section>
  );
}

function Known({ contact }: { contact: Contact }) {
  const { t } = useTranslation("panel");
  const labels = useLabels();
  const { system, fields } = contact;
  const known = (labels.data?.fields ?? []).filter(
    (field) => field.active && fields[field.field_id] !== undefined,
  );
  return (
    <>
      {SYSTEM_FIELDS.map((name) => {
        const value = system[name];
        if (value === null) return null;
        return (
          <Fact key={name} term={t(`system.${name}`)} testId={`fact-${name}`}>
            <bdi dir="auto">
              {name === "birth_date" ? showDay(value) : name === "cpf" ? showCpf(value) : value}
            </bdi>
          </Fact>
        );
      })}
      {known.map((field) => (
        <Fact key={field.field_id} term={field.name} testId={`fact-${field.slug}`}>
          <Value
            field={field}
            value={fields[field.field_id] as FieldValue}
            pictures={contact.pictures}
          />
        </Fact>
      ))}
    </>
  );
}

function Value({
  field,
  value,
  pictures,
}: {
  field: Field;
  value: FieldValue;
  pictures: Record<string, string>;
}) {
  const { t } = useTranslation("panel");
  const [broken, setBroken] = useState<string | null>(null);
  if (field.kind === "image" && typeof value === "string") {
    const address = pictures[value];
    if (!address || broken === address) return t("image.gone");
    return (
      <a href={address} target="_blank" rel="noopener noreferrer" className={styles.pictureLink}>
        <img
          className={styles.picture}
          src={address}
          alt={t("image.preview", { name: field.name })}
          onError={() => setBroken(address)}
        />
      </a>
    );
  }
  const words = showValue(field.kind, value, { yes: t("yes"), no: t("no") });
  const href = linkOf(field.kind, value);
  if (href) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer" className={styles.link}>
        <bdi>{words}</bdi>
      </a>
    );
  }
  return (
    <span className={field.kind === "long_text" ? styles.longText : undefined} dir="auto">
      {words}
    </span>
  );
}

function Broadcasts({ contact }: { contact: Contact }) {
  const { t } = useTranslation("panel");
  const { edit } = useContactCommands(contact.chat_id);
  const why = useWhy();
  // What was asked for is on screen at once, and undone when it was not to be.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const busy = useRef(false);
  const on = wanted ?? contact.broadcasts;
  const turn = async () => {
    if (busy.current) return;
    busy.current = true;
    setFailed(null);
    setWanted(!on);
    try {
      await edit({ broadcasts: !on });
    } catch (error) {
      setFailed(why(error));
    } finally {
      busy.current = false;
      setWanted(null);
    }
  };
  return (
    <>
      <Switch
        checked={on}
        onChange={() => void turn()}
        label={t("broadcasts")}
        description={t(on ? "broadcastsOn" : "broadcastsOff")}
        classNames={{ body: styles.switch, description: styles.switchWords }}
        data-testid="broadcasts"
      />
      {failed ? (
        <Remark
          tone="danger"
          action={{ label: t("failed.dismiss"), act: () => setFailed(null) }}
          testId="broadcasts-failed"
        >
          {t("failed.undone", { why: failed })}
        </Remark>
      ) : null}
    </>
  );
}
