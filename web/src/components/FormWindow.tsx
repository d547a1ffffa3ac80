/** A form in a window: saved once however often it is clicked, and not closed over unsaved words. */

import { Button, Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "./Confirm";
import styles from "./FormWindow.module.css";
import { useEscape } from "./useEscape";
import { ONE_AREA, useNarrower } from "./useWidth";

interface FormWindowProps {
  title: string;
  children: ReactNode;
  /** What saving is called here. */
  save: string;
  submit: () => Promise<void>;
  close: () => void;
  dirty: boolean;
  busy: boolean;
  /** Why it was not saved. */
  failure: string | null;
  /** At the left of the buttons. */
  aside?: ReactNode;
  size?: number;
  testId: string;
}

export function FormWindow({
  title,
  children,
  save,
  submit,
  close,
  dirty,
  busy,
  failure,
  aside,
  size = 560,
  testId,
}: FormWindowProps) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const full = useNarrower(ONE_AREA);
  const [asked, setAsked] = useState(false);
  const leave = () => {
    if (busy) return;
    if (dirty) setAsked(true);
    else close();
  };
  useEscape(leave);
  return (
    <>
      <Modal
        opened
        onClose={leave}
        closeOnEscape={false}
        title={title}
        centered
        size={size}
        fullScreen={full}
        padding={0}
        lockScroll={false}
        attributes={{ header: { role: "presentation" } }}
        classNames={{ header: styles.header, body: styles.body, content: styles.content }}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        <form
          data-testid={testId}
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            event.stopPropagation();
            void submit();
          }}
        >
          <div className={styles.fields}>{children}</div>
          <footer className={styles.footer}>
            {failure ? (
              <p className={styles.failure} role="alert" data-testid={`${testId}-failure`}>
                {failure}
              </p>
            ) : null}
            <div className={styles.buttons}>
              <div className={styles.aside}>{aside}</div>
              <Button variant="default" onClick={leave} disabled={busy}>
                {t("app.cancel")}
              </Button>
              <Button type="submit" loading={busy} data-testid={`${testId}-save`}>
                {save}
              </Button>
            </div>
          </footer>
        </form>
      </Modal>
      {asked ? (
        <Confirm
          question={words("form.discardTitle")}
          yes={words("form.discard")}
          no={words("form.keep")}
          danger
          act={close}
          close={() => setAsked(false)}
          testId="discard"
        >
          {words("form.discardText")}
        </Confirm>
      ) : null}
    </>
  );
}
