/** Asks once before something that is scheduled is removed (SCH-3). */

import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { useWhy } from "~/components/useWhy";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { Schedule } from "~/lib/api/types";
import { useRenewed } from "./useSchedules";

addSentences("panel", panel);

export function DropSchedule({ schedule, close }: { schedule: Schedule; close: () => void }) {
  const { t } = useTranslation("panel");
  const why = useWhy();
  const renewed = useRenewed();
  return (
    <Confirm
      question={t("schedule.askRemove")}
      yes={t("yes")}
      no={t("no")}
      act={async () => {
        try {
          await doors.removeSchedule(schedule.chat_id, schedule.schedule_id);
        } finally {
          void renewed();
        }
      }}
      close={close}
      failure={(error) =>
        error instanceof Refused && error.code === "moved_on" ? t("schedule.gone") : why(error)
      }
      testId="drop-schedule"
    >
      <bdi>{t("schedule.stays", { name: schedule.name })}</bdi>
    </Confirm>
  );
}
