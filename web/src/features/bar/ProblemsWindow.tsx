/** Files that were chosen and cannot go out: which, and what the channel takes instead. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Window, WindowActions } from "~/components/Window";
import { sizeWords, typeWords } from "~/lib/files";
import type { Problem } from "./sendFiles";
import styles from "./Windows.module.css";

/** Why a file cannot go, in words. */
export function useProblemWords() {
  const { t } = useTranslation("bar");
  const { t: words } = useTranslation();
  return (one: Problem): string => {
    const name = one.name;
    if (one.problem === "empty") return t("file.empty", { name });
    const channel = one.channel ? words(`channels.${one.channel}`) : "";
    if (one.problem === "type") {
      return t("file.type", { name, channel, types: typeWords(one.types) });
    }
    const size = sizeWords(one.size);
    const limit = sizeWords(one.limit);
    return one.channel
      ? t("file.too_large", { name, size, channel, kind: t(`file.kinds.${one.kind}`), limit })
      : t("file.tooLargeInternal", { name, size, limit });
  };
}

export default function ProblemsWindow({
  problems,
  close,
}: {
  problems: Problem[];
  close: () => void;
}) {
  const { t } = useTranslation("bar");
  const wordsOf = useProblemWords();
  return (
    <Window title={t("file.notSent")} close={close} testId="file-problems">
      <ul className={styles.problems}>
        {problems.map((one) => (
          <li key={`${one.name} ${one.size}`}>{wordsOf(one)}</li>
        ))}
      </ul>
      <WindowActions>
        <Button onClick={close} data-autofocus>
          {t("file.understood")}
        </Button>
      </WindowActions>
    </Window>
  );
}
