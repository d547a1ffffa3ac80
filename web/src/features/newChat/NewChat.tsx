/** «Novo Contato»: a template to somebody who is not registered (NEW-1 to NEW-5). */

import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Window, WindowActions } from "~/components/Window";
import { addSentences } from "~/i18n";
import { newChat } from "~/i18n/newChat";
import { templates } from "~/i18n/templates";
import { formatPhone } from "~/lib/text";
import { useDeskAndMe } from "../live/DeskContext";
import { type HeaderFile, Preview } from "../templates/Preview";
import { PriceLine } from "../templates/PriceLine";
import { TemplateField } from "../templates/TemplateField";
import { TemplateValues } from "../templates/TemplateValues";
import { expanded, idOf } from "../templates/variables";
import styles from "./NewChat.module.css";
import { useStart } from "./useStart";
import { internationalOf, knownOf } from "./wish";
import { YesNo } from "./YesNo";

addSentences("newChat", newChat);
addSentences("templates", templates);

/** How the window begins: empty, or with what a deep link knew (NEW-4). */
export interface Beginning {
  /** With the country first, or as it came when it is nobody's. */
  phone: string;
  /** The number is of somebody whose chat this viewer may not read (NEW-2). */
  hidden: boolean;
}

interface NewChatProps {
  beginning: Beginning | null;
  close: () => void;
  openChat: (chatId: string) => void;
}

export default function NewChat({ beginning, close, openChat }: NewChatProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("newChat");
  const { t: ofTemplates } = useTranslation("templates");
  const { me } = useDeskAndMe();
  const [sent, setSent] = useState(false);
  const [file, setFile] = useState<HeaderFile | null>(null);
  const rules = me.rules.whatsapp;
  const accounts = me.channels.filter((channel) => channel.channel === "whatsapp");
  const start = useStart(beginning, (started) => {
    if (started.chat === null) setSent(true);
    else {
      close();
      openChat(started.chat_id);
    }
  });
  const { wish, template, problems, change, fill } = start;
  const national = !wish.foreign;
  const full = internationalOf(wish.phone, wish.foreign);
  const recipient = { account: wish.account, phone: full ?? undefined };
  if (sent) {
    return (
      <Window title={words("sentTitle")} close={close} testId="new-chat">
        <p role="status">{words("sent")}</p>
        <WindowActions>
          <Button onClick={close} data-autofocus>
            {words("close")}
          </Button>
        </WindowActions>
      </Window>
    );
  }
  return (
    <Window title={words("title")} close={close} size={860} testId="new-chat">
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void start.send();
        }}
      >
        <div className={styles.columns}>
          <div className={styles.fields}>
            <TextInput
              label={words("name")}
              required
              value={wish.name}
              maxLength={300}
              autoComplete="off"
              data-autofocus={beginning === null || undefined}
              error={problems.name}
              data-testid="new-chat-name"
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <div className={styles.pair}>
              <YesNo
                label={words("open")}
                value={wish.open}
                change={(open) => change({ open })}
                testId="new-chat-open"
              />
              <YesNo
                label={words("foreign")}
                value={wish.foreign}
                change={(foreign) => change({ foreign })}
                testId="new-chat-foreign"
              />
            </div>
            <p className={styles.hint}>{words(wish.open ? "openYes" : "openNo")}</p>
            <TextInput
              label={words("phone")}
              required
              type="tel"
              inputMode="tel"
              value={wish.phone}
              maxLength={40}
              autoComplete="off"
              description={
                full
                  ? words("phoneTo", { phone: formatPhone(full) })
                  : words(national ? "phoneNational" : "phoneForeign")
              }
              inputWrapperOrder={["label", "input", "description", "error"]}
              error={problems.phone}
              data-testid="new-chat-phone"
              onChange={(event) => change({ phone: event.currentTarget.value })}
            />
            {accounts.length > 1 ? (
              <label className={styles.account}>
                <span className={styles.label}>{words("account")}</span>
                <select
                  className={styles.select}
                  value={wish.account ?? accounts[0]?.account}
                  data-testid="new-chat-account"
                  onChange={(event) => change({ account: event.currentTarget.value })}
                >
                  {accounts.map(({ account, display }) => (
                    <option key={account} value={account}>
                      {display}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
            <TemplateField
              recipient={recipient}
              chosen={template}
              problem={problems.template ?? null}
              choose={(chosen) => {
                setFile(null);
                start.choose(chosen);
              }}
            />
            {template && rules ? (
              <TemplateValues
                key={idOf(template)}
                template={template}
                rules={rules}
                values={wish.values}
                problems={problems.values}
                change={fill}
                file={file}
                setFile={setFile}
                testId="new-chat"
              />
            ) : null}
          </div>
          <section className={styles.preview} aria-label={ofTemplates("preview")}>
            <h3 className={styles.label}>{ofTemplates("preview")}</h3>
            {template ? (
              <>
                <Preview
                  template={template}
                  values={expanded(wish.values, knownOf(wish, full, me.agent.name))}
                  file={file}
                />
                <PriceLine template={template} recipient={recipient} />
              </>
            ) : (
              <p className={styles.hint}>{ofTemplates("previewHint")}</p>
            )}
          </section>
        </div>
        {start.exists ? (
          <div className={styles.exists} role="alert" data-testid="new-chat-exists">
            <div className={styles.existsWords}>
              <strong>{words("existsTitle")}</strong>
              <p>
                {start.exists.chatId === null
                  ? words("existsHidden")
                  : words("exists", {
                      name: start.exists.name || t("authors.contact"),
                    })}
              </p>
            </div>
            {start.exists.chatId === null ? null : (
              <Button
                variant="default"
                data-testid="new-chat-open-existing"
                onClick={() => {
                  close();
                  openChat(start.exists?.chatId ?? "");
                }}
              >
                {words("openChat")}
              </Button>
            )}
          </div>
        ) : null}
        {problems.general ? (
          <p className={styles.failure} role="alert" data-testid="new-chat-failure">
            {problems.general}
          </p>
        ) : null}
        <WindowActions>
          <p className={styles.sendHint}>{words("hint")}</p>
          <Button variant="default" onClick={close}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={start.busy} data-testid="new-chat-send">
            {words("send")}
          </Button>
        </WindowActions>
      </form>
    </Window>
  );
}
