/** «Enviar contato»: a name, and a phone or an e-mail or both (SEND-6). */

import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Window, WindowActions } from "~/components/Window";
import type { ChannelRules, Chat } from "~/lib/api/types";
import { replying } from "../conversation/replying";
import { useDeskAndMe } from "../live/DeskContext";
import type { Manner } from "./sendFiles";
import styles from "./Windows.module.css";

const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

export interface CardFields {
  name: string;
  phone: string;
  email: string;
}

/** What is wrong with a card before the server is asked. */
export function cardProblems({ name, phone, email }: CardFields) {
  const digits = phone.replace(/\D/g, "").length;
  return {
    name: name.trim() === "" ? ("required" as const) : null,
    phone:
      phone.trim() === "" && email.trim() === ""
        ? ("either" as const)
        : phone.trim() !== "" && (digits < 8 || digits > 15)
          ? ("phoneWrong" as const)
          : null,
    email: email.trim() !== "" && !EMAIL.test(email.trim()) ? ("emailWrong" as const) : null,
  };
}

export default function ContactCardWindow({
  chat,
  rules,
  manner,
  close,
}: {
  chat: Chat;
  rules: ChannelRules;
  manner: Manner;
  close: () => void;
}) {
  const { t } = useTranslation("bar");
  const { t: words } = useTranslation();
  const { desk } = useDeskAndMe();
  const [fields, setFields] = useState<CardFields>({ name: "", phone: "", email: "" });
  const [tried, setTried] = useState(false);
  const sent = useRef(false);
  const problems = cardProblems(fields);
  const problem = (name: keyof CardFields) => {
    const found = problems[name];
    return tried && found ? t(`contact.${found}`) : null;
  };
  const set = (name: keyof CardFields) => (event: React.ChangeEvent<HTMLInputElement>) => {
    const { value } = event.currentTarget;
    setFields((was) => ({ ...was, [name]: value }));
  };
  const send = () => {
    setTried(true);
    if (sent.current || problems.name || problems.phone || problems.email) return;
    sent.current = true;
    const name = fields.name.trim().replace(/\s+/g, " ");
    const phone = fields.phone.trim();
    const email = fields.email.trim();
    const digits = phone.replace(/\D/g, "");
    const shownPhone = phone.startsWith("+") ? digits : `55${digits}`;
    desk.send(
      chat.row.chat_id,
      { card: { name, phone, email }, ...manner.body },
      rules.cards
        ? {
            text: name,
            kind: "contacts",
            details: {
              cards: [
                {
                  name,
                  phones: phone ? [{ phone: shownPhone, label: null }] : [],
                  emails: email ? [email] : [],
                  company: null,
                },
              ],
            },
            ...manner.shown,
          }
        : {
            text: [name, phone, email].filter(Boolean).join("\n"),
            ...manner.shown,
          },
    );
    replying.set(chat.row.chat_id, null);
    close();
  };
  return (
    <Window title={t("contact.title")} close={close} size={440} testId="contact-card">
      <form
        className={styles.fields}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          send();
        }}
      >
        <TextInput
          label={t("contact.name")}
          value={fields.name}
          onChange={set("name")}
          error={problem("name")}
          maxLength={100}
          autoComplete="off"
          withAsterisk
          required
          data-autofocus
          data-testid="card-name"
        />
        <TextInput
          label={t("contact.phone")}
          description={t("contact.phoneHint")}
          type="tel"
          value={fields.phone}
          onChange={set("phone")}
          error={problem("phone")}
          maxLength={40}
          autoComplete="off"
          data-testid="card-phone"
        />
        <TextInput
          label={t("contact.email")}
          type="email"
          value={fields.email}
          onChange={set("email")}
          error={problem("email")}
          maxLength={254}
          autoComplete="off"
          data-testid="card-email"
        />
        <p className={styles.hint}>{rules.cards ? t("contact.either") : t("contact.asText")}</p>
        <WindowActions>
          <Button variant="default" onClick={close}>
            {words("app.cancel")}
          </Button>
          <Button type="submit" data-testid="card-send">
            {t("contact.send")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}
