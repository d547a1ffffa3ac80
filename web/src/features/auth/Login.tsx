/** The way in (PERM-3): password, first password, forgotten password. The URL behind it is kept. */

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addSentences } from "~/i18n";
import { login } from "~/i18n/login";
import {
  askForCode,
  chooseFirstPassword,
  type LoginFailure,
  LoginRefused,
  type LoginStep,
  logIn,
  setForgottenPassword,
} from "~/lib/login";
import { forgetCount } from "../notifications/badge";
import styles from "./Login.module.css";

addSentences("login", login);

type Screen = "login" | "first" | "forgot" | "code";

interface LoginProps {
  agency: string;
  /** The login ended while the page was open. */
  ended: boolean;
  entered: () => void;
}

export default function Login({ agency, ended, entered }: LoginProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("login");
  const [screen, setScreen] = useState<Screen>("login");
  const [email, setEmail] = useState("");
  const [notice, setNotice] = useState<string | null>(ended ? words("ended") : null);
  const follow = (step: LoginStep) => {
    if (step === "done") entered();
    else setScreen(step === "new_password" ? "first" : "forgot");
  };
  useEffect(forgetCount, []);
  const back = () => setScreen("login");
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <p className={styles.brand}>
          <img src="/favicon.svg" alt="" width={32} height={32} />
          <span>{t("app.name")}</span>
          <span className={styles.agency}>{agency}</span>
        </p>
        {screen === "login" ? (
          <Step
            title={words("title")}
            subtitle={words("subtitle")}
            notice={notice}
            submit={words("submit")}
            testId="login-submit"
            act={async (fields) => {
              setEmail(fields.email ?? "");
              setNotice(null);
              follow(await logIn(fields.email ?? "", fields.password ?? ""));
            }}
            links={
              <Button variant="subtle" size="compact-sm" onClick={() => setScreen("forgot")}>
                {words("forgot")}
              </Button>
            }
          >
            <TextInput
              name="email"
              type="email"
              label={words("email")}
              autoComplete="username"
              defaultValue={email}
              required
              withAsterisk={false}
              data-testid="login-email"
              size="md"
              classNames={{ label: styles.label }}
            />
            <Password
              name="password"
              label={words("password")}
              autoComplete="current-password"
              testId="login-password"
            />
          </Step>
        ) : screen === "first" ? (
          <Step
            title={words("newTitle")}
            subtitle={words("newSubtitle")}
            submit={words("newSubmit")}
            testId="new-password-submit"
            act={async (fields) => {
              mustMatch(fields);
              follow(await chooseFirstPassword(fields.new_password ?? ""));
            }}
            links={<BackLink back={back} />}
          >
            <NewPasswords />
          </Step>
        ) : screen === "forgot" ? (
          <Step
            title={words("forgotTitle")}
            subtitle={words("forgotSubtitle")}
            submit={words("forgotSubmit")}
            testId="forgot-submit"
            act={async (fields) => {
              setEmail(fields.email ?? "");
              await askForCode(fields.email ?? "");
              setScreen("code");
            }}
            links={<BackLink back={back} />}
          >
            <TextInput
              name="email"
              type="email"
              label={words("email")}
              autoComplete="username"
              defaultValue={email}
              required
              withAsterisk={false}
              data-testid="forgot-email"
              size="md"
              classNames={{ label: styles.label }}
            />
          </Step>
        ) : (
          <Step
            title={words("codeTitle")}
            subtitle={words("codeSubtitle", { email })}
            submit={words("codeSubmit")}
            testId="code-submit"
            act={async (fields) => {
              mustMatch(fields);
              await setForgottenPassword(email, fields.code ?? "", fields.new_password ?? "");
              setNotice(words("changed"));
              setScreen("login");
            }}
            links={<BackLink back={back} />}
          >
            <TextInput
              name="code"
              label={words("code")}
              autoComplete="one-time-code"
              inputMode="numeric"
              required
              withAsterisk={false}
              data-testid="code"
              size="md"
              classNames={{ label: styles.label }}
            />
            <NewPasswords />
          </Step>
        )}
      </div>
    </main>
  );
}

class Different extends Error {}

function mustMatch(fields: Record<string, string>): void {
  if (fields.new_password !== fields.repeated) throw new Different();
}

function Step({
  title,
  subtitle,
  notice = null,
  submit,
  testId,
  act,
  links,
  children,
}: {
  title: string;
  subtitle: string;
  notice?: string | null;
  submit: string;
  testId: string;
  act: (fields: Record<string, string>) => Promise<void>;
  links: ReactNode;
  children: ReactNode;
}) {
  const { t: words } = useTranslation("login");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<LoginFailure | "different" | "required" | null>(null);
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its first field
  useEffect(() => {
    setFailure(null);
    form.current?.querySelector("input")?.focus();
  }, [title]);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) fields[name] = String(value);
    if (Object.values(fields).some((value) => value === "")) {
      setFailure("required");
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await act(fields);
    } catch (error) {
      setFailure(
        error instanceof Different
          ? "different"
          : error instanceof LoginRefused
            ? error.reason
            : "other",
      );
    } finally {
      setBusy(false);
    }
  };
  const said =
    failure === "different"
      ? words("different")
      : failure === "required"
        ? words("required")
        : failure
          ? words(`failures.${failure}`)
          : null;
  return (
    <form ref={form} className={styles.form} onSubmit={(event) => void onSubmit(event)} noValidate>
      <div>
        <h1 className={styles.title}>{title}</h1>
        <p className={styles.subtitle}>{subtitle}</p>
      </div>
      {notice && !failure ? (
        <p className={styles.notice} role="status">
          {notice}
        </p>
      ) : null}
      {children}
      {said ? (
        <p className={styles.failure} role="alert" data-testid="login-failure">
          {said}
        </p>
      ) : null}
      <Button type="submit" size="md" fullWidth loading={busy} data-testid={testId}>
        {submit}
      </Button>
      <div className={styles.links}>{links}</div>
    </form>
  );
}

function BackLink({ back }: { back: () => void }) {
  const { t: words } = useTranslation("login");
  return (
    <Button variant="subtle" size="compact-sm" onClick={back}>
      {words("backToLogin")}
    </Button>
  );
}

function Password({
  name,
  label,
  description,
  autoComplete,
  testId,
}: {
  name: string;
  label: string;
  description?: string;
  autoComplete: string;
  testId: string;
}) {
  const { t: words } = useTranslation("login");
  return (
    <PasswordInput
      name={name}
      label={label}
      description={description}
      autoComplete={autoComplete}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ "aria-label": words("show"), tabIndex: 0 }}
      data-testid={testId}
      size="md"
      classNames={{ label: styles.label }}
    />
  );
}

function NewPasswords() {
  const { t: words } = useTranslation("login");
  return (
    <>
      <Password
        name="new_password"
        label={words("newPassword")}
        description={words("rule")}
        autoComplete="new-password"
        testId="new-password"
      />
      <Password
        name="repeated"
        label={words("repeatPassword")}
        autoComplete="new-password"
        testId="new-password-repeat"
      />
    </>
  );
}
