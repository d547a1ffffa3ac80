/** «Meu Perfil»: name, picture, password and «Mensagem de encerramento» (ADM-4). */

import { Button, Textarea, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import { useForm } from "~/components/useForm";
import { Card } from "~/features/administration/Card";
import { Page } from "~/features/administration/Page";
import {
  CHAT_PERMISSIONS,
  GENERAL_PERMISSIONS,
  type PermissionName,
} from "~/features/administration/permissions";
import { useRenew } from "~/features/administration/queries";
import { useRefusal } from "~/features/administration/refusals";
import { useUnsaved } from "~/features/administration/unsaved";
import { doors } from "~/lib/api/doors";
import type { Me } from "~/lib/api/types";
import { countCharacters, LONGEST_TEXT } from "~/lib/text";
import { PasswordWindow } from "./PasswordWindow";
import { PictureCard } from "./PictureCard";
import styles from "./ProfilePage.module.css";

const LONGEST_NAME = 100;

export default function ProfilePage({ me }: { me: Me }) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [saved, setSaved] = useState(false);
  const [changing, setChanging] = useState(false);
  const [changed, setChanged] = useState(false);
  const form = useForm({
    initial: { name: me.agent.name, farewell: me.agent.farewell },
    check: ({ name, farewell }) => ({
      ...(name.trim() ? {} : { name: words("form.required") }),
      ...(countCharacters(farewell) > LONGEST_TEXT
        ? { farewell: words("form.tooLong", { limit: LONGEST_TEXT }) }
        : {}),
    }),
    save: async ({ name, farewell }) => {
      const self = await doors.editProfile({ name: name.trim(), farewell });
      await renew("me");
      form.reset({ name: self.name, farewell: self.farewell });
      setSaved(true);
    },
  });
  const { values, problems, set, left } = form;
  useUnsaved(form.dirty);
  const permissions = ([...CHAT_PERMISSIONS, ...GENERAL_PERMISSIONS] as PermissionName[]).filter(
    (one) => me.agent.permissions.includes(one),
  );
  const departments = me.departments.filter((one) =>
    me.agent.department_ids.includes(one.department_id),
  );
  return (
    <Page title={words("pages.profile")} text={words("profile.text")} narrow>
      <PictureCard me={me} />
      <Card title={words("profile.data")}>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void form.submit();
          }}
        >
          <TextInput
            label={words("profile.name")}
            value={values.name}
            maxLength={LONGEST_NAME}
            error={problems.name}
            onChange={(event) => {
              set("name", event.currentTarget.value);
              setSaved(false);
            }}
            onBlur={() => left("name")}
            data-testid="profile-name"
            dir="auto"
            autoComplete="name"
            required
          />
          <TextInput
            label={words("profile.email")}
            description={words("users.emailFixed")}
            value={me.agent.email}
            disabled
          />
          <Textarea
            label={words("profile.farewell")}
            description={words("profile.farewellHint")}
            value={values.farewell}
            rows={4}
            error={problems.farewell}
            onChange={(event) => {
              set("farewell", event.currentTarget.value);
              setSaved(false);
            }}
            onBlur={() => left("farewell")}
            data-testid="profile-farewell"
            dir="auto"
          />
          {form.failed ? (
            <p className={styles.failure} role="alert">
              {refusal(form.failed)}
            </p>
          ) : null}
          <div className={styles.foot}>
            <Button
              type="submit"
              loading={form.busy}
              disabled={!form.dirty}
              data-testid="profile-save"
            >
              {words("form.save")}
            </Button>
            <p className={styles.saved} role="status" data-testid="profile-saved">
              {saved && !form.dirty ? (
                <>
                  <Icon of={IconCheck} size={16} /> {words("profile.saved")}
                </>
              ) : null}
            </p>
          </div>
        </form>
      </Card>
      <Card title={words("profile.password")} text={words("profile.passwordHint")}>
        <div className={styles.foot}>
          <Button
            variant="default"
            onClick={() => {
              setChanged(false);
              setChanging(true);
            }}
            data-testid="change-password"
          >
            {words("profile.changePassword")}
          </Button>
          <p className={styles.saved} role="status" data-testid="password-changed">
            {changed ? (
              <>
                <Icon of={IconCheck} size={16} /> {words("profile.passwordChanged")}
              </>
            ) : null}
          </p>
        </div>
      </Card>
      <Card title={words("profile.permissions")} text={words("profile.askAdministrator")}>
        {permissions.length > 0 ? (
          <ul className={styles.permissions}>
            {permissions.map((one) => (
              <li key={one}>{words(`permissions.${one}`)}</li>
            ))}
          </ul>
        ) : (
          <p>{words("profile.noPermissions")}</p>
        )}
        <div>
          <h4 className={styles.heading}>{words("profile.departments")}</h4>
          <p className={styles.departments}>
            {departments.length > 0
              ? departments
                  .map((one) =>
                    one.active ? one.name : words("users.departmentOff", { name: one.name }),
                  )
                  .join(", ")
              : words("profile.noDepartments")}
          </p>
        </div>
      </Card>
      {changing ? (
        <PasswordWindow
          close={() => setChanging(false)}
          changed={() => {
            setChanging(false);
            setChanged(true);
          }}
        />
      ) : null}
    </Page>
  );
}
