/** One department: «Nome do Departamento», «Status», «Abrir para último agente?» (ADM-1). */

import { Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FormWindow } from "~/components/FormWindow";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import type { DepartmentDetails, Me } from "~/lib/api/types";
import { useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { useRefusal } from "../refusals";

/** What stands for «more than can be counted». */
export const MANY = 100;
const LONGEST_NAME = 60;

/** Switched off, and yet somebody or some chat is still in it. */
export function isStillUsed(department: DepartmentDetails): boolean {
  return !department.active && (department.agents > 0 || department.chats > 0);
}

interface DepartmentWindowProps {
  me: Me;
  /** Null: a new one. */
  department: DepartmentDetails | null;
  close: () => void;
}

export function DepartmentWindow({ me, department, close }: DepartmentWindowProps) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [removing, setRemoving] = useState(false);
  const form = useForm({
    initial: {
      name: department?.name ?? "",
      active: department?.active ?? true,
      to_last_agent: department?.to_last_agent ?? false,
    },
    check: ({ name }) => (name.trim() ? {} : { name: words("form.required") }),
    save: async (values) => {
      const wanted = { ...values, name: values.name.trim() };
      if (department) await doors.saveDepartment(department.department_id, wanted);
      else await doors.addDepartment(wanted);
      await renew("departments", "me");
      close();
    },
  });
  const { values, problems, set, left } = form;
  return (
    <>
      <FormWindow
        title={words(department ? "departments.editTitle" : "departments.newTitle")}
        save={words(department ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        testId="department"
        aside={department ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        {department && isStillUsed(department) ? (
          <Remark tone="warning">
            {words("departments.stillUsedText")}{" "}
            {department.chats > 0 && me.tabs.includes("all") ? (
              <Link
                to={`/chats?tab=all&department=${encodeURIComponent(department.department_id)}`}
              >
                {words("departments.seeChats")}
              </Link>
            ) : null}
          </Remark>
        ) : null}
        <TextInput
          label={words("departments.name")}
          value={values.name}
          maxLength={LONGEST_NAME}
          error={problems.name}
          onChange={(event) => set("name", event.currentTarget.value)}
          onBlur={() => left("name")}
          data-autofocus={department ? undefined : true}
          data-testid="department-name"
          dir="auto"
          autoComplete="off"
          required
        />
        <Switch
          label={words("departments.active")}
          description={words("departments.activeHint")}
          checked={values.active}
          onChange={(event) => set("active", event.currentTarget.checked)}
          data-testid="department-active"
        />
        <Switch
          label={words("departments.toLastAgent")}
          description={words("departments.toLastAgentHint")}
          checked={values.to_last_agent}
          onChange={(event) => set("to_last_agent", event.currentTarget.checked)}
          data-testid="department-to-last-agent"
        />
      </FormWindow>
      {department && removing ? (
        <Removal
          question={words("departments.removeTitle", { name: department.name })}
          remove={async () => {
            await doors.removeDepartment(department.department_id);
            await renew("departments", "me");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {words("departments.removeText")}
        </Removal>
      ) : null}
    </>
  );
}
