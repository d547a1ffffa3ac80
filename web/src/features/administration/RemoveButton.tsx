/** «Excluir», quiet, at the foot of a window. */

import { Button } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import styles from "./RemoveButton.module.css";

export function RemoveButton({ act }: { act: () => void }) {
  const { t: words } = useTranslation("administration");
  return (
    <Button
      variant="subtle"
      color="red"
      className={styles.remove}
      leftSection={<Icon of={IconTrash} size={16} />}
      onClick={act}
      data-testid="remove"
    >
      {words("form.remove")}
    </Button>
  );
}
