/** What opens from the message bar: the «+» menu and the windows of what can be attached. */

import { Suspense } from "react";
import { later } from "~/components/later";
import { addSentences } from "~/i18n";
import { bar } from "~/i18n/bar";
import type { ChannelRules, Chat } from "~/lib/api/types";
import { AttachMenu } from "./AttachMenu";
import type { Manner, Problem } from "./sendFiles";

addSentences("bar", bar);

const ImagePreview = later(() => import("./ImagePreview"));
const ContactCardWindow = later(() => import("./ContactCardWindow"));
const TemplateWindow = later(() => import("./TemplateWindow"));
const ProblemsWindow = later(() => import("./ProblemsWindow"));

export type Chosen =
  | { window: "menu" }
  | { window: "contact" }
  | { window: "template" }
  | { window: "preview"; files: File[] }
  | { window: "problems"; problems: Problem[] };

export interface OverlayProps {
  chosen: Chosen;
  chat: Chat;
  rules: ChannelRules;
  internal: boolean;
  /** Only what is internal, or a template, may be sent. */
  shut: boolean;
  manner: Manner;
  signature: string;
  choose: (next: Chosen) => void;
  /** Opens the file chooser for these types. */
  pick: (accept: string) => void;
  close: () => void;
}

export default function Overlay(props: OverlayProps) {
  const { chosen, chat, close } = props;
  if (chosen.window === "menu") return <AttachMenu {...props} />;
  return (
    <Suspense>
      {chosen.window === "preview" ? (
        <ImagePreview {...props} files={chosen.files} />
      ) : chosen.window === "contact" ? (
        <ContactCardWindow chat={chat} rules={props.rules} manner={props.manner} close={close} />
      ) : chosen.window === "template" ? (
        <TemplateWindow chat={chat} close={close} />
      ) : (
        <ProblemsWindow problems={chosen.problems} close={close} />
      )}
    </Suspense>
  );
}
