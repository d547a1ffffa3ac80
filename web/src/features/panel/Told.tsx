/** What became of something that was asked for, when the agent must know it; there is nothing to choose. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Remark } from "~/components/Remark";
import { Window, WindowActions } from "~/components/Window";

interface ToldProps {
  title: string;
  words: string;
  close: () => void;
  /** Of the window; its words have the same with `-outcome`. */
  testId: string;
}

export function Told({ title, words, close, testId }: ToldProps) {
  const { t } = useTranslation();
  return (
    <Window title={title} close={close} testId={`${testId}-window`}>
      <Remark tone="warning" testId={`${testId}-outcome`}>
        <span role="status">{words}</span>
      </Remark>
      <WindowActions>
        <Button onClick={close} data-autofocus>
          {t("app.close")}
        </Button>
      </WindowActions>
    </Window>
  );
}
