/** One custom field: name, variable, kind, options, whether closing asks for it (CLOSE-6, INFO-9). */

import { Button, NativeSelect, Radio, Switch, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import type { Field, FieldKind } from "~/lib/api/types";
import { optionsProblem, slugFrom, slugProblem } from "../checks";
import { Group } from "../Parts";
import { useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { reasonsOf, useRefusal } from "../refusals";
import styles from "./Fields.module.css";

const KINDS: FieldKind[] = [
  "text",
  "long_text",
  "number",
  "yes_no",
  "date",
  "choice",
  "choices",
  "phone",
  "email",
  "url",
  "image",
];
const ASKED = ["no", "optional", "required"] as const;
const LONGEST_NAME = 60;
const LONGEST_SLUG = 40;
const LONGEST_OPTION = 80;
const MOST_OPTIONS = 100;

const isChoice = (kind: FieldKind) => kind === "choice" || kind === "choices";

interface Option {
  id: number;
  text: string;
}

interface FieldWindowProps {
  /** Null: a new one. */
  field: Field | null;
  others: readonly Field[];
  close: () => void;
}

export function FieldWindow({ field, others, close }: FieldWindowProps) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [removing, setRemoving] = useState(false);
  const [ownSlug, setOwnSlug] = useState(false);
  const nextOption = useRef((field?.options.length ?? 0) + 1);
  const form = useForm({
    initial: {
      name: field?.name ?? "",
      slug: field?.slug ?? "",
      kind: field?.kind ?? ("text" as FieldKind),
      options: (field?.options ?? []).map((text, id): Option => ({ id, text })),
      at_closing: field?.at_closing ?? ("no" as (typeof ASKED)[number]),
      active: field?.active ?? true,
    },
    check: (values) => {
      const slug = field
        ? null
        : slugProblem(
            values.slug,
            others.map((one) => one.slug),
          );
      const options = isChoice(values.kind)
        ? optionsProblem(values.options.map((one) => one.text))
        : null;
      const slugWords = {
        empty: "form.required",
        wrong: "fields.slugWrong",
        reserved: "fields.slugReserved",
        taken: "fields.slugTaken",
      } as const;
      const optionWords = {
        needed: "fields.optionsNeeded",
        empty: "fields.optionEmpty",
        twice: "fields.optionTwice",
      } as const;
      return {
        ...(values.name.trim() ? {} : { name: words("form.required") }),
        ...(slug ? { slug: words(slugWords[slug]) } : {}),
        ...(options ? { options: words(optionWords[options]) } : {}),
      };
    },
    save: async (values) => {
      const shared = {
        name: values.name.trim(),
        options: isChoice(values.kind) ? values.options.map((one) => one.text.trim()) : [],
        at_closing: values.at_closing,
      };
      try {
        if (field) await doors.saveField(field.field_id, { ...shared, active: values.active });
        else await doors.makeField({ ...shared, slug: values.slug, kind: values.kind });
      } catch (error) {
        const reason = reasonsOf(error).get("slug");
        if (!reason) throw error;
        form.refuse({
          slug: words(reason === "reserved" ? "fields.slugReserved" : "fields.slugTaken"),
        });
        return;
      }
      await renew("labels");
      close();
    },
  });
  const { values, problems, set, left } = form;
  const setOptions = (options: Option[]) => set("options", options);
  const move = (index: number, by: 1 | -1) => {
    const options = [...values.options];
    const [moved] = options.splice(index, 1);
    if (moved) options.splice(index + by, 0, moved);
    setOptions(options);
  };
  const addOption = () => {
    setOptions([...values.options, { id: nextOption.current++, text: "" }]);
    requestAnimationFrame(() => {
      const inputs = document.querySelectorAll<HTMLInputElement>("[data-testid=option]");
      inputs[inputs.length - 1]?.focus();
    });
  };
  return (
    <>
      <FormWindow
        title={words(field ? "fields.editTitle" : "fields.newTitle")}
        save={words(field ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        testId="field"
        aside={field ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        <TextInput
          label={words("fields.name")}
          value={values.name}
          maxLength={LONGEST_NAME}
          error={problems.name}
          onChange={({ currentTarget: { value } }) => {
            set("name", value);
            if (!field && !ownSlug) set("slug", slugFrom(value));
          }}
          onBlur={() => left("name")}
          data-autofocus={field ? undefined : true}
          data-testid="field-name"
          dir="auto"
          autoComplete="off"
          required
        />
        <TextInput
          label={words("fields.slug")}
          description={
            field
              ? words("fields.slugFixed")
              : words("fields.slugHint", { slug: `{${values.slug || "…"}}` })
          }
          value={values.slug}
          maxLength={LONGEST_SLUG}
          error={problems.slug}
          disabled={field !== null}
          onChange={({ currentTarget: { value } }) => {
            setOwnSlug(value !== "");
            set("slug", value);
          }}
          onBlur={() => left("slug")}
          classNames={{ input: styles.code }}
          data-testid="field-slug"
          autoComplete="off"
          spellCheck={false}
          required={field === null}
        />
        <NativeSelect
          label={words("fields.kind")}
          value={values.kind}
          disabled={field !== null}
          onChange={({ currentTarget: { value } }) => {
            const kind = KINDS.find((one) => one === value) ?? "text";
            set("kind", kind);
            if (isChoice(kind) && values.options.length === 0) {
              setOptions([
                { id: nextOption.current++, text: "" },
                { id: nextOption.current++, text: "" },
              ]);
            }
          }}
          data={KINDS.map((kind) => ({ value: kind, label: words(`fields.kinds.${kind}`) }))}
          data-testid="field-kind"
        />
        {isChoice(values.kind) ? (
          <Group title={words("fields.options")}>
            <ol className={styles.options}>
              {values.options.map((option, index) => {
                const number = index + 1;
                return (
                  <li key={option.id} className={styles.option}>
                    <TextInput
                      className={styles.optionText}
                      aria-label={words("fields.option", { number })}
                      value={option.text}
                      maxLength={LONGEST_OPTION}
                      error={problems.options !== undefined && option.text.trim() === ""}
                      onChange={({ currentTarget: { value } }) =>
                        setOptions(
                          values.options.map((one) =>
                            one.id === option.id ? { ...one, text: value } : one,
                          ),
                        )
                      }
                      onKeyDown={(event) => {
                        if (event.key !== "Enter") return;
                        event.preventDefault();
                        if (values.options.length < MOST_OPTIONS) addOption();
                      }}
                      dir="auto"
                      autoComplete="off"
                      data-testid="option"
                    />
                    <IconButton
                      label={words("fields.moveUp", { number })}
                      disabled={index === 0}
                      onClick={() => move(index, -1)}
                    >
                      <Icon of={IconArrowUp} size={16} />
                    </IconButton>
                    <IconButton
                      label={words("fields.moveDown", { number })}
                      disabled={index === values.options.length - 1}
                      onClick={() => move(index, 1)}
                    >
                      <Icon of={IconArrowDown} size={16} />
                    </IconButton>
                    <IconButton
                      label={words("fields.removeOption", { number })}
                      onClick={() =>
                        setOptions(values.options.filter((one) => one.id !== option.id))
                      }
                    >
                      <Icon of={IconX} size={16} />
                    </IconButton>
                  </li>
                );
              })}
            </ol>
            {problems.options ? (
              <p className={styles.problem} role="alert">
                {problems.options}
              </p>
            ) : null}
            <div>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<Icon of={IconPlus} size={16} />}
                disabled={values.options.length >= MOST_OPTIONS}
                onClick={addOption}
                data-testid="add-option"
              >
                {words("fields.addOption")}
              </Button>
            </div>
          </Group>
        ) : null}
        <Radio.Group
          label={words("fields.atClosing")}
          value={values.at_closing}
          onChange={(value) => set("at_closing", ASKED.find((one) => one === value) ?? "no")}
        >
          <div className={styles.asked}>
            {ASKED.map((one) => (
              <Radio key={one} value={one} label={words(`fields.asked.${one}`)} />
            ))}
          </div>
        </Radio.Group>
        {field ? (
          <Switch
            label={words("fields.active")}
            description={words("fields.activeHint")}
            checked={values.active}
            onChange={(event) => set("active", event.currentTarget.checked)}
          />
        ) : null}
      </FormWindow>
      {field && removing ? (
        <Removal
          question={words("fields.removeTitle", { name: field.name })}
          remove={async () => {
            await doors.deleteField(field.field_id);
            await renew("labels");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {words("fields.removeText")}
        </Removal>
      ) : null}
    </>
  );
}
