/** One tag: its name, its colour, and how it will look (INFO-5). */

import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormWindow } from "~/components/FormWindow";
import { TagChip, TagDot } from "~/components/TagChip";
import { useForm } from "~/components/useForm";
import { doors } from "~/lib/api/doors";
import type { Tag } from "~/lib/api/types";
import { Group } from "../Parts";
import { useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { useRefusal } from "../refusals";
import { COLORS, type ColorName, colorName } from "./colors";
import styles from "./TagWindow.module.css";

const LONGEST_NAME = 60;

interface TagWindowProps {
  /** Null: a new one. */
  tag: Tag | null;
  close: () => void;
}

export function TagWindow({ tag, close }: TagWindowProps) {
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [removing, setRemoving] = useState(false);
  const form = useForm<{ name: string; color: ColorName }>({
    initial: { name: tag?.name ?? "", color: tag ? colorName(tag.color) : "blue" },
    check: ({ name }) => (name.trim() ? {} : { name: words("form.required") }),
    save: async ({ name, color }) => {
      const wanted = { name: name.trim(), color };
      if (tag) await doors.saveTag(tag.tag_id, wanted);
      else await doors.makeTag(wanted);
      await renew("labels");
      close();
    },
  });
  const { values, problems, set, left } = form;
  return (
    <>
      <FormWindow
        title={words(tag ? "tags.editTitle" : "tags.newTitle")}
        save={words(tag ? "form.save" : "form.create")}
        submit={form.submit}
        close={close}
        dirty={form.dirty}
        busy={form.busy}
        failure={form.failed ? refusal(form.failed) : null}
        size={460}
        testId="tag"
        aside={tag ? <RemoveButton act={() => setRemoving(true)} /> : null}
      >
        <TextInput
          label={words("tags.name")}
          value={values.name}
          maxLength={LONGEST_NAME}
          error={problems.name}
          onChange={(event) => set("name", event.currentTarget.value)}
          onBlur={() => left("name")}
          data-autofocus={tag ? undefined : true}
          data-testid="tag-name"
          dir="auto"
          autoComplete="off"
          required
        />
        <Group title={words("tags.color")}>
          <div className={styles.colors}>
            {COLORS.map((color) => (
              <label key={color} className={styles.color} data-chosen={values.color === color}>
                <input
                  type="radio"
                  name="color"
                  value={color}
                  className="hidden"
                  checked={values.color === color}
                  onChange={() => set("color", color)}
                />
                <TagDot color={color} />
                {words(`tags.colors.${color}`)}
              </label>
            ))}
          </div>
        </Group>
        <div className={styles.preview} aria-hidden="true">
          <span>{words("tags.preview")}</span>
          <TagChip name={values.name.trim() || words("tags.tag")} color={values.color} />
        </div>
      </FormWindow>
      {tag && removing ? (
        <Removal
          question={words("tags.removeTitle", { name: tag.name })}
          remove={async () => {
            await doors.deleteTag(tag.tag_id);
            await renew("labels");
            close();
          }}
          close={() => setRemoving(false)}
        >
          {words("tags.removeText")}
        </Removal>
      ) : null}
    </>
  );
}
