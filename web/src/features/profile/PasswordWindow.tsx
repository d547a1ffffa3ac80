/** The password changed by who knows the current one (ADM-4, PERM-3). */

import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { useForm } from "~/components/useForm";
import { passwordLacks } from "~/features/administration/checks";
import { addSentences } from "~/i18n";
import { login } from "~/i18n/login";
import { changePassword, LoginRefused } from "~/lib/login";

addSentences("login", login);

interface PasswordWindowProps {
  close: () => void;
  changed: () => void;
}

export function PasswordWindow({ close, changed }: PasswordWindowProps) {
  const { t } = useTranslation("login");
  const { t: words } = useTranslation("administration");
  const form = useForm({
    initial: { current: "", next: "", repeat: "" },
    check: ({ current, next, repeat }) => {
      const lacks = passwordLacks(next);
      return {
        ...(current ? {} : { current: words("form.required") }),
        ...(lacks.length > 0
          ? {
              next: words("profile.weak", {
                missing: new Intl.ListFormat("pt-BR").format(
                  lacks.map((one) => words(`profile.missing.${one}`)),
                ),
              }),
            }
          : next === current
            ? { next: words("profile.same") }
            : {}),
        ...(repeat === next ? {} : { repeat: words("profile.different") }),
      };
    },
    save: async ({ current, next }) => {
      try {
        await changePassword(current, next);
      } catch (error) {
        if (error instanceof LoginRefused && error.reason === "wrong_password") {
          form.refuse({ current: words("profile.wrongCurrent") });
          return;
        }
        throw error;
      }
      changed();
    },
  });
  const { values, problems, set, left, failed } = form;
  const field = (name: "current" | "next" | "repeat", autoComplete: string) => (
    <PasswordInput
      label={words(`profile.${name}`)}
      description={name === "next" ? words("profile.rule") : undefined}
      value={values[name]}
      maxLength={256}
      error={problems[name]}
      autoComplete={autoComplete}
      onChange={(event) => set(name, event.currentTarget.value)}
      onBlur={() => {
        if (values[name] !== "") left(name);
      }}
      visibilityToggleButtonProps={{ "aria-label": words("profile.show"), tabIndex: 0 }}
      data-autofocus={name === "current" ? true : undefined}
      data-testid={`password-${name}`}
      required
    />
  );
  return (
    <FormWindow
      title={words("profile.changePassword")}
      save={words("profile.changePassword")}
      submit={form.submit}
      close={close}
      dirty={false}
      busy={form.busy}
      failure={
        failed === null
          ? null
          : failed instanceof LoginRefused
            ? t(`failures.${failed.reason}`)
            : words("form.other")
      }
      size={440}
      testId="password"
    >
      {field("current", "current-password")}
      {field("next", "new-password")}
      {field("repeat", "new-password")}
    </FormWindow>
  );
}
