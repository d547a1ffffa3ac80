/** Whom something is scheduled with: a contact is searched and chosen. */

import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { ChannelIcon } from "~/components/ChannelIcon";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { Window } from "~/components/Window";
import { doors } from "~/lib/api/doors";
import type { ChatRow } from "~/lib/api/types";
import { formatPhone } from "~/lib/text";
import { EACH_VISIT } from "../queries";
import styles from "./Scheduled.module.css";

interface ContactPickerProps {
  title: string;
  /** Whether blocked contacts may be chosen, too. */
  evenBlocked?: boolean;
  choose: (row: ChatRow) => void;
  close: () => void;
}

const SHORTEST = 2;

export function ContactPicker({ title, evenBlocked = false, choose, close }: ContactPickerProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("flows");
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["search", q],
    queryFn: () => doors.search(q),
    enabled: q.length >= SHORTEST,
    placeholderData: (before) => before,
    ...EACH_VISIT,
  });
  const hits = q.length >= SHORTEST ? (found.data?.hits ?? null) : [];
  return (
    <Window title={title} close={close} size={480} testId="contact-picker">
      <div className={styles.picker}>
        <TextInput
          label={words("picker.search")}
          description={words("picker.hint")}
          leftSection={<Icon of={IconSearch} size={16} />}
          value={typed}
          maxLength={100}
          autoComplete="off"
          dir="auto"
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
          data-testid="contact-search"
        />
        {found.isError && hits === null ? (
          <Remark tone="danger" action={{ label: t("app.retry"), act: () => void found.refetch() }}>
            {words("picker.failed")}
          </Remark>
        ) : hits === null ? (
          <Bone width="100%" height={44} />
        ) : hits.length === 0 ? (
          <p className={styles.quiet} role="status">
            {words(q.length >= SHORTEST ? "picker.nobody" : "picker.begin")}
          </p>
        ) : (
          <ul className={styles.hits}>
            {hits.map(({ row }) => (
              <li key={row.chat_id}>
                <button
                  type="button"
                  className={styles.hit}
                  disabled={row.blocked && !evenBlocked}
                  onClick={() => choose(row)}
                  data-testid="contact-hit"
                >
                  <ChannelIcon channel={row.channel} label={t(`channels.${row.channel}`)} />
                  <span className={styles.hitWords}>
                    <bdi dir="auto">{row.name || t("authors.contact")}</bdi>
                    <span className={styles.quiet}>
                      {row.blocked
                        ? words("picker.blocked")
                        : row.phone
                          ? formatPhone(row.phone)
                          : row.username}
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Window>
  );
}
