/** One's own picture: chosen, seen before it is used, sent, removed (ADM-4). */

import { Button, FileButton, Progress } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/components/Avatar";
import { Remark } from "~/components/Remark";
import { Card } from "~/features/administration/Card";
import { useRenew } from "~/features/administration/queries";
import { useRefusal } from "~/features/administration/refusals";
import { doors } from "~/lib/api/doors";
import type { Me } from "~/lib/api/types";
import { isPictureType, LARGEST_PICTURE, sendFile } from "~/lib/api/upload";
import styles from "./ProfilePage.module.css";
import { isPicture, squared } from "./picture";

type Chosen = { file: Blob; address: string };

export function PictureCard({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const renew = useRenew();
  const refusal = useRefusal();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [part, setPart] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef(false);
  const { name, picture } = me.agent;
  useEffect(() => {
    if (!chosen) return;
    return () => URL.revokeObjectURL(chosen.address);
  }, [chosen]);
  const choose = async (file: File | null) => {
    if (!file) return;
    setProblem(null);
    if (!isPictureType(file.type)) setProblem(words("profile.pictureKind"));
    else if (!(await isPicture(file))) setProblem(words("profile.pictureBroken"));
    else {
      const small = await squared(file);
      if (small.size > LARGEST_PICTURE) setProblem(words("profile.pictureLarge"));
      else setChosen({ file: small, address: URL.createObjectURL(small) });
    }
  };
  const once = async (act: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setProblem(null);
    setPart(0);
    try {
      await act();
      await renew("me");
      setChosen(null);
    } catch (error) {
      setProblem(refusal(error));
    } finally {
      running.current = false;
      setPart(null);
    }
  };
  const use = () =>
    once(async () => {
      if (!chosen || !isPictureType(chosen.file.type)) return;
      const upload = await doors.myPicture({
        content_type: chosen.file.type,
        size: chosen.file.size,
      });
      await sendFile(upload, chosen.file, setPart);
      await doors.saveMyPicture(upload.key);
    });
  const remove = () =>
    once(async () => {
      await doors.saveMyPicture(null);
    });
  const busy = part !== null;
  return (
    <Card title={words("profile.picture")}>
      <div className={styles.picture}>
        <Avatar name={name} picture={chosen?.address ?? picture} size={88} />
        <div className={styles.pictureWords}>
          <div className={styles.foot}>
            {chosen ? (
              <>
                <Button loading={busy} onClick={() => void use()} data-testid="picture-use">
                  {words("profile.usePicture")}
                </Button>
                <Button variant="default" disabled={busy} onClick={() => setChosen(null)}>
                  {t("app.cancel")}
                </Button>
              </>
            ) : (
              <>
                <FileButton
                  accept="image/jpeg,image/png,image/webp"
                  onChange={(file) => void choose(file)}
                  inputProps={{ "aria-label": words("profile.choosePicture") }}
                >
                  {(button) => (
                    <Button
                      {...button}
                      variant="default"
                      disabled={busy}
                      data-testid="picture-choose"
                    >
                      {words(picture ? "profile.changePicture" : "profile.choosePicture")}
                    </Button>
                  )}
                </FileButton>
                {picture ? (
                  <Button
                    variant="subtle"
                    loading={busy}
                    onClick={() => void remove()}
                    data-testid="picture-remove"
                  >
                    {words("profile.removePicture")}
                  </Button>
                ) : null}
              </>
            )}
          </div>
          <p className={styles.hint}>{words("profile.pictureHint")}</p>
          {busy && chosen ? (
            <Progress value={100 * part} aria-label={words("profile.picture")} />
          ) : null}
          {problem ? <Remark tone="danger">{problem}</Remark> : null}
        </div>
      </div>
    </Card>
  );
}
