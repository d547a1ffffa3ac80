/** Asks once before an appointment, and its reminder, go (INFO-8). */

import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { useWhy } from "~/components/useWhy";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { doors } from "~/lib/api/doors";
import type { Appointment } from "~/lib/api/types";
import { fullTime } from "~/lib/time";
import { useRenewed } from "./useSchedules";

addSentences("panel", panel);

export function DropAppointment({
  appointment,
  close,
}: {
  appointment: Appointment;
  close: () => void;
}) {
  const { t } = useTranslation("panel");
  const why = useWhy();
  const renewed = useRenewed();
  return (
    <Confirm
      question={t("appointment.askRemove")}
      yes={t("yes")}
      no={t("no")}
      act={async () => {
        try {
          await doors.removeAppointment(appointment.chat_id, appointment.appointment_id);
        } finally {
          void renewed();
        }
      }}
      close={close}
      failure={why}
      testId="drop-appointment"
    >
      <bdi>
        {appointment.title}, {fullTime(appointment.at)}
      </bdi>
    </Confirm>
  );
}
