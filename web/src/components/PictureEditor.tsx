/** The editor of a field of type image: a preview, another picture with its progress, none. */

import { Button, Input } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { type ChangeEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isPictureType, LARGEST_PICTURE, PICTURE_TYPES } from "~/lib/api/upload";
import { fitImage, needsFitting } from "~/lib/images";
import type { FieldEditorProps } from "./FieldEditor";
import styles from "./FieldEditor.module.css";
import { Icon } from "./Icon";

/** Sends a picture; resolves with the key to save once it is there. */
export type SendPicture = (file: File, progress: (part: number) => void) => Promise<string>;

/** What every channel takes as a picture: the field is there to be sent (SEND-4). */
const SENDABLE: Parameters<typeof fitImage>[0] = {
  files: [{ kind: "image", types: ["image/jpeg", "image/png"], limit: LARGEST_PICTURE }],
};

export function PictureEditor({
  field,
  draft,
  change,
  error,
  required,
  description,
  address,
  sendPicture,
  testId,
}: FieldEditorProps) {
  const { t } = useTranslation("panel");
  const id = useId();
  const chooser = useRef<HTMLInputElement>(null);
  const [part, setPart] = useState<number | null>(null);
  const [wrong, setWrong] = useState<"wrongType" | "tooLarge" | "failed" | null>(null);
  const [chosen, setChosen] = useState<{ key: string; url: string } | null>(null);
  useEffect(() => () => void (chosen && URL.revokeObjectURL(chosen.url)), [chosen]);
  const key = typeof draft === "string" && draft !== "" ? draft : null;
  const shown = key === null ? null : chosen?.key === key ? chosen.url : (address ?? null);

  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const given = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (!given || !sendPicture) return;
    if (!isPictureType(given.type)) return setWrong("wrongType");
    setWrong(null);
    setPart(0);
    try {
      const file = await fitImage(SENDABLE, given);
      if (needsFitting(SENDABLE, file)) {
        return setWrong(file.size > LARGEST_PICTURE ? "tooLarge" : "wrongType");
      }
      const sent = await sendPicture(file, setPart);
      setChosen({ key: sent, url: URL.createObjectURL(file) });
      change(sent);
    } catch {
      setWrong("failed");
    } finally {
      setPart(null);
    }
  };

  const percent = Math.round((part ?? 0) * 100);
  return (
    <Input.Wrapper
      label={<bdi dir="auto">{field.name}</bdi>}
      labelElement="div"
      labelProps={{ id }}
      error={wrong ? t(`image.${wrong}`) : error}
      description={description ?? t("image.hint")}
      withAsterisk={required}
      inputWrapperOrder={["label", "description", "input", "error"]}
      data-testid={testId}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: the label stands outside */}
      <div className={styles.picture} role="group" aria-labelledby={id}>
        {shown ? (
          <img
            className={styles.shown}
            src={shown}
            alt={t("image.preview", { name: field.name })}
          />
        ) : (
          <span className={styles.none}>
            <Icon of={IconPhoto} size={22} />
          </span>
        )}
        <div className={styles.buttons}>
          <Button
            variant="default"
            size="xs"
            disabled={part !== null}
            onClick={() => chooser.current?.click()}
          >
            {t(key === null ? "image.choose" : "image.change")}
          </Button>
          {key === null ? null : (
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              disabled={part !== null}
              onClick={() => change(null)}
            >
              {t("image.remove")}
            </Button>
          )}
        </div>
        {part === null ? null : (
          <label className={styles.progress} role="status">
            {t("image.sending", { percent })}
            <progress max={100} value={percent} />
          </label>
        )}
        <input
          ref={chooser}
          type="file"
          accept={PICTURE_TYPES.join(",")}
          hidden
          onChange={(event) => void take(event)}
          data-testid={testId ? `${testId}-file` : undefined}
        />
      </div>
    </Input.Wrapper>
  );
}
