/** Adds one contact; one who is there already is named, with the way to them (ADM-3, NEW-2). */

import { Checkbox, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FormWindow } from "~/components/FormWindow";
import { Remark } from "~/components/Remark";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { ContactSummary } from "~/lib/api/types";
import { reasonsOf, useReason, useRefusal } from "../refusals";

const LONGEST_NAME = 300;
const LONGEST_PHONE = 40;

interface AddContactWindowProps {
  close: () => void;
  added: (contact: ContactSummary) => void;
}

export function AddContactWindow({ close, added }: AddContactWindowProps) {
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const reason = useReason();
  const form = useForm({
    initial: { name: "", phone: "", foreign: false },
    check: ({ name, phone }) => ({
      ...(name.trim() ? {} : { name: words("form.required") }),
      ...(phone.trim() ? {} : { phone: words("form.required") }),
    }),
    save: async ({ name, phone, foreign }) => {
      try {
        added(
          await doors.addContact({
            name: name.trim(),
            phone: phone.trim(),
            foreign,
            account: null,
          }),
        );
      } catch (error) {
        const wrong = reasonsOf(error).get("phone");
        if (!wrong) throw error;
        form.refuse({ phone: reason(wrong) });
      }
    },
  });
  const { values, problems, set, left, failed } = form;
  const known = failed instanceof Refused && failed.code === "chat_exists" ? failed.body : null;
  return (
    <FormWindow
      title={words("contacts.addTitle")}
      save={words("contacts.addSave")}
      submit={form.submit}
      close={close}
      dirty={form.dirty}
      busy={form.busy}
      failure={failed && !known ? refusal(failed) : null}
      size={460}
      testId="contact"
    >
      <Remark>{words("contacts.addHint")}</Remark>
      <TextInput
        label={words("contacts.nameLabel")}
        value={values.name}
        maxLength={LONGEST_NAME}
        error={problems.name}
        onChange={(event) => set("name", event.currentTarget.value)}
        onBlur={() => left("name")}
        data-autofocus
        data-testid="contact-name"
        dir="auto"
        autoComplete="off"
        required
      />
      <TextInput
        label={words("contacts.phoneLabel")}
        description={words(values.foreign ? "contacts.foreignHint" : "contacts.phoneHint")}
        type="tel"
        value={values.phone}
        maxLength={LONGEST_PHONE}
        error={problems.phone}
        onChange={(event) => set("phone", event.currentTarget.value)}
        onBlur={() => left("phone")}
        data-testid="contact-phone"
        autoComplete="off"
        required
      />
      <Checkbox
        label={words("contacts.foreign")}
        checked={values.foreign}
        onChange={(event) => set("foreign", event.currentTarget.checked)}
      />
      {known ? (
        <Remark tone="danger" testId="contact-exists">
          {typeof known.name === "string"
            ? words("contacts.existsNamed", { name: known.name })
            : words("contacts.exists")}{" "}
          {typeof known.chat_id === "string" ? (
            <Link
              to={`/contatos?contact=${encodeURIComponent(known.chat_id)}`}
              onClick={() => close()}
            >
              {words("contacts.openExisting")}
            </Link>
          ) : null}
        </Remark>
      ) : null}
    </FormWindow>
  );
}
