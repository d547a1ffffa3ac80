/** What happens when a session ends: the attendance is closed, and a last message said before (SES-4). */

import { Button, Switch, Textarea } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useForm } from "~/components/useForm";
import type { Settings } from "~/lib/api/types";
import { countCharacters, LONGEST_TEXT } from "~/lib/text";
import { Card } from "../Card";
import { useUnsaved } from "../unsaved";
import { Outcome } from "./Outcome";
import styles from "./SettingsPage.module.css";
import { useSaveSettings } from "./useSettings";

/** `shown`: as they are, with what is on its way to the server. */
export function SessionSettings({ shown }: { shown: Settings }) {
  const { t: words } = useTranslation("administration");
  const save = useSaveSettings();
  const farewell = shown.session_farewell;
  const form = useForm({
    initial: { farewell },
    check: (typed) =>
      countCharacters(typed.farewell) > LONGEST_TEXT
        ? { farewell: words("form.tooLong", { limit: LONGEST_TEXT }) }
        : {},
    save: async (typed) => {
      const after = await save.mutateAsync({ session_farewell: typed.farewell.trim() });
      form.reset({ farewell: after.session_farewell });
    },
  });
  const { dirty, reset } = form;
  useUnsaved(dirty);
  // Somebody else's change is shown as long as nothing typed here would be lost.
  useEffect(() => {
    if (!dirty) reset({ farewell });
  }, [dirty, reset, farewell]);
  return (
    <Card title={words("settings.sessions")}>
      <Switch
        label={words("settings.autoClose")}
        description={words("settings.autoCloseHint")}
        checked={shown.auto_close}
        onChange={(event) => save.mutate({ auto_close: event.currentTarget.checked })}
        data-testid="auto-close"
      />
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <Textarea
          label={words("settings.sessionFarewell")}
          description={words("settings.sessionFarewellHint")}
          value={form.values.farewell}
          onChange={(event) => {
            form.set("farewell", event.currentTarget.value);
            if (!save.isPending) save.reset();
          }}
          onBlur={() => form.left("farewell")}
          error={form.problems.farewell}
          rows={4}
          dir="auto"
          data-testid="session-farewell"
        />
        {shown.auto_close ? null : (
          <p className={styles.quiet}>{words("settings.sessionFarewellOff")}</p>
        )}
        <div className={styles.foot}>
          <Button
            type="submit"
            loading={form.busy}
            disabled={!dirty}
            data-testid="session-farewell-save"
          >
            {words("form.save")}
          </Button>
        </div>
      </form>
      <Outcome save={save} testId="session-settings-outcome" />
    </Card>
  );
}
