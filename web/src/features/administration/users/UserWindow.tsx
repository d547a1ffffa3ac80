/** One user: invited, changed, invited again, deactivated or brought back (ADM-1, PERM-1, PERM-3). */

import { Button, Checkbox, MultiSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Confirm } from "~/components/Confirm";
import { FormWindow } from "~/components/FormWindow";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import type { Me, SaveUser, User } from "~/lib/api/types";
import { isEmail } from "../checks";
import { Group, Status } from "../Parts";
import { CHAT_PERMISSIONS, GENERAL_PERMISSIONS, type PermissionName, USUAL } from "../permissions";
import { useRenew } from "../queries";
import { reasonsOf, useReason, useRefusal } from "../refusals";
import { standingOf, TONES } from "./standing";
import styles from "./UserWindow.module.css";

interface UserWindowProps {
  me: Me;
  /** Null: somebody new. */
  user: User | null;
  close: () => void;
}

const MANY = 100;
const LONGEST_NAME = 100;

export function UserWindow({ me, user, close }: UserWindowProps) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const reason = useReason();
  const [asked, setAsked] = useState<"deactivate" | "reactivate" | null>(null);
  const [sent, setSent] = useState<"idle" | "busy" | "done" | { failed: unknown }>("idle");
  const form = useForm({
    initial: {
      name: user?.name ?? "",
      email: user?.email ?? "",
      department_ids: user?.department_ids ?? [],
      permissions: (user?.permissions ?? USUAL) as PermissionName[],
    },
    check: ({ name, email }) => ({
      ...(name.trim() ? {} : { name: words("form.required") }),
      ...(email.trim()
        ? isEmail(email)
          ? {}
          : { email: words("form.email") }
        : { email: words("form.required") }),
    }),
    save: async (values) => {
      const wanted = {
        name: values.name.trim(),
        department_ids: values.department_ids,
        permissions: values.permissions as SaveUser["permissions"],
      };
      try {
        if (user) await doors.saveUser(user.agent_id, { ...wanted, active: user.active });
        else await doors.inviteUser({ ...wanted, email: values.email.trim() });
      } catch (error) {
        const email = reasonsOf(error).get("email");
        if (!email) throw error;
        form.refuse({ email: reason(email) });
        return;
      }
      await renew("users", "departments", "me");
      close();
    },
  });
  const { values, problems, set, left } = form;
  const setActive = async (active: boolean) => {
    if (!user) return;
    await doors.saveUser(user.agent_id, {
      name: user.name,
      department_ids: user.department_ids,
      permissions: user.permissions as SaveUser["permissions"],
      active,
    });
    await renew("users", "me");
    close();
  };
  const inviteAgain = async () => {
    if (!user || sent === "busy") return;
    setSent("busy");
    try {
      await doors.inviteAgain(user.agent_id);
      setSent("done");
    } catch (error) {
      setSent({ failed: error });
    }
  };
  const self = user?.agent_id === me.agent.agent_id;
  const departments = me.departments.map((one) => ({
    value: one.department_id,
    label: one.active ? one.name : words("users.departmentOff", { name: one.name }),
  }));
  const permissions = (title: string, of: readonly PermissionName[]) => {
    const all = of.every((one) => values.permissions.includes(one));
    return (
      <Group
        title={title}
        aside={
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() =>
              set("permissions", [
                ...values.permissions.filter((one) => !of.includes(one)),
                ...(all ? [] : of),
              ])
            }
          >
            {words(all ? "users.none" : "users.all")}
          </Button>
        }
      >
        <div className={styles.permissions}>
          {of.map((one) => (
            <Checkbox
              key={one}
              checked={values.permissions.includes(one)}
              label={
                /\d/.test(one) ? (
                  <>
                    <span className={styles.number}>{one}</span> {words(`permissions.${one}`)}
                  </>
                ) : (
                  words(`permissions.${one}`)
                )
              }
              onChange={({ currentTarget: { checked } }) =>
                set(
                  "permissions",
                  checked
                    ? [...values.permissions, one]
                    : values.permissions.filter((other) => other !== one),
                )
              }
              data-testid={`permission-${one}`}
            />
          ))}
        </div>
      </Group>
    );
  };
  return (
    <>
      <FormWindow
        title={words(user ? "users.editTitle" : "users.inviteTitle")}
        save={words(user ? "form.save" : "users.inviteSave")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        size={640}
        testId="user"
        aside={
          user ? (
            user.active ? (
              <Button
                variant="subtle"
                color="red"
                className={styles.deactivate}
                onClick={() => setAsked("deactivate")}
                data-testid="deactivate"
              >
                {words("users.deactivate")}
              </Button>
            ) : (
              <Button
                variant="subtle"
                onClick={() => setAsked("reactivate")}
                data-testid="reactivate"
              >
                {words("users.reactivate")}
              </Button>
            )
          ) : null
        }
      >
        {user ? (
          <div className={styles.standing}>
            <Status tone={TONES[standingOf(user)]}>{words(`users.${standingOf(user)}`)}</Status>
            {user.active && user.invited ? (
              <>
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={sent === "busy"}
                  disabled={sent === "done"}
                  onClick={() => void inviteAgain()}
                  data-testid="invite-again"
                >
                  {words(sent === "done" ? "users.invitedAgain" : "users.inviteAgain")}
                </Button>
                {typeof sent === "object" ? (
                  <span className={styles.failure} role="alert">
                    {refusal(sent.failed)}
                  </span>
                ) : null}
              </>
            ) : null}
          </div>
        ) : null}
        {user && !user.active && user.holds > 0 ? (
          <Remark tone="warning">
            {heldWords(words, user.holds)}{" "}
            <Link to={reassignAddress(user, me)}>{words("users.reassign")}</Link>
          </Remark>
        ) : null}
        {self ? <Remark>{words("users.self")}</Remark> : null}
        <TextInput
          label={words("users.name")}
          value={values.name}
          maxLength={LONGEST_NAME}
          error={problems.name}
          onChange={(event) => set("name", event.currentTarget.value)}
          onBlur={() => left("name")}
          data-autofocus={user ? undefined : true}
          data-testid="user-name"
          dir="auto"
          autoComplete="off"
          required
        />
        <TextInput
          label={words("users.email")}
          description={words(user ? "users.emailFixed" : "users.inviteHint")}
          type="email"
          value={values.email}
          maxLength={254}
          error={problems.email}
          disabled={user !== null}
          onChange={(event) => set("email", event.currentTarget.value)}
          onBlur={() => left("email")}
          data-testid="user-email"
          autoComplete="off"
          required={user === null}
        />
        <MultiSelect
          label={words("users.departments")}
          placeholder={
            values.department_ids.length > 0 ? "" : words("users.departmentsPlaceholder")
          }
          nothingFoundMessage={words("users.noSuchDepartment")}
          data={departments}
          value={values.department_ids}
          onChange={(value) => set("department_ids", value)}
          searchable
          clearable={false}
          hidePickedOptions
          withScrollArea={false}
          comboboxProps={{ withinPortal: false }}
          classNames={{ options: styles.options }}
          limit={100}
          data-testid="user-departments"
        />
        {permissions(words("users.chatPermissions"), CHAT_PERMISSIONS)}
        {permissions(words("users.generalPermissions"), GENERAL_PERMISSIONS)}
      </FormWindow>
      {user && asked === "deactivate" ? (
        <Confirm
          question={words("users.deactivateTitle", { name: user.name })}
          yes={words("users.deactivate")}
          danger
          act={() => setActive(false)}
          close={() => setAsked(null)}
          failure={refusal}
          testId="confirm-deactivate"
        >
          <p>{words("users.deactivateText")}</p>
          {user.holds > 0 ? (
            <p className={styles.held}>
              {heldWords(words, user.holds)}{" "}
              <Link to={reassignAddress(user, me)} data-testid="reassign">
                {words("users.reassign")}
              </Link>
            </p>
          ) : null}
        </Confirm>
      ) : null}
      {user && asked === "reactivate" ? (
        <Confirm
          question={words("users.reactivateTitle", { name: user.name })}
          yes={words("users.reactivate")}
          act={() => setActive(true)}
          close={() => setAsked(null)}
          failure={refusal}
          testId="confirm-reactivate"
        >
          {words("users.reactivateText")}
        </Confirm>
      ) : null}
    </>
  );
}

type Words = ReturnType<typeof useTranslation<"administration">>["t"];

function heldWords(words: Words, holds: number): string {
  return holds >= MANY ? words("users.holdsMany") : words("users.holds", { count: holds });
}

/** PERM-3: the list of the chats that they hold, in a tab that the viewer has. */
function reassignAddress(user: User, me: Me): string {
  const tab = (["in_service", "all"] as const).find((one) => me.tabs.includes(one));
  return `/chats?tab=${tab ?? "all"}&agent=${encodeURIComponent(user.agent_id)}`;
}
