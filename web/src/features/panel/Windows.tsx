/** The window that was asked for, over the chat it was asked for. */

import { useEffect, useRef } from "react";
import { useFocusBack } from "~/components/Window";
import { addSentences } from "~/i18n";
import { panel } from "~/i18n/panel";
import { useDesk } from "../live/DeskContext";
import { AppointmentWindow } from "../schedules/AppointmentWindow";
import { DropAppointment } from "../schedules/DropAppointment";
import { DropSchedule } from "../schedules/DropSchedule";
import { ScheduleWindow } from "../schedules/ScheduleWindow";
import { AssignWindow } from "./AssignWindow";
import { BlockNow } from "./BlockNow";
import { CancelClosing } from "./CancelClosing";
import { CloseWindow } from "./CloseWindow";
import { DropNote } from "./DropNote";
import { EditWindow } from "./EditWindow";
import { FlowWindow } from "./FlowWindow";
import { NoteWindow } from "./NoteWindow";
import type { Asked } from "./windows";

addSentences("panel", panel);

interface WindowsProps {
  asked: Asked;
  chatId: string;
  close: () => void;
}

export default function Windows({ asked, chatId, close }: WindowsProps) {
  useFocusBack();
  const open = useDesk((snapshot) => snapshot.state.chat?.chat ?? null);
  const here = open?.row.chat_id === chatId ? open : null;
  const elsewhere = useDesk((snapshot) => snapshot.chatId !== chatId);
  const last = useRef(here);
  if (here) last.current = here;
  const chat = last.current;
  const gone = here === null;
  // A closing that takes the chat out of sight still tells what became of its farewell.
  const over = elsewhere || chat === null || (gone && asked.window !== "close");
  useEffect(() => {
    if (over) close();
  }, [over, close]);
  if (over || chat === null) return null;
  switch (asked.window) {
    case "agent":
    case "department":
      return <AssignWindow to={asked.window} chat={chat} close={close} />;
    case "close":
      return <CloseWindow chat={chat} gone={gone} close={close} />;
    case "cancelClosing":
      return <CancelClosing chat={chat} protocol={asked.protocol} close={close} />;
    case "edit":
      return <EditWindow chat={chat} close={close} />;
    case "note":
      return <NoteWindow chatId={chatId} note={asked.note} close={close} />;
    case "dropNote":
      return <DropNote chatId={chatId} note={asked.note} close={close} />;
    case "flow":
      return <FlowWindow chat={chat} close={close} />;
    case "schedule":
      return (
        <ScheduleWindow chatId={chatId} kind={asked.kind} schedule={asked.schedule} close={close} />
      );
    case "dropSchedule":
      return <DropSchedule schedule={asked.schedule} close={close} />;
    case "appointment":
      return <AppointmentWindow chatId={chatId} appointment={asked.appointment} close={close} />;
    case "dropAppointment":
      return <DropAppointment appointment={asked.appointment} close={close} />;
    case "block":
      return <BlockNow chat={chat} close={close} />;
  }
}
