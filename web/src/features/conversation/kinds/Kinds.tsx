/** Everything of a message that is not its text: files, places, cards and the like (INB-5). */

import { addSentences } from "~/i18n";
import { messages } from "~/i18n/messages";
import type { Message } from "~/lib/api/types";
import type { Outgoing } from "../../live/outbox";
import { Album } from "./Album";
import { Cards } from "./Cards";
import { ChoiceReply } from "./ChoiceReply";
import { DocumentCard } from "./DocumentCard";
import { FileState } from "./FileState";
import styles from "./Kinds.module.css";
import { MenuBody } from "./MenuBody";
import { Order } from "./Order";
import { Picture } from "./Picture";
import { Place } from "./Place";
import { Player } from "./Player";
import { ReferralNote } from "./ReferralNote";
import { Shared } from "./Shared";
import { StoryNote } from "./StoryNote";
import { isAlbum } from "./sizes";
import { TemplateBody } from "./TemplateBody";
import { Video } from "./Video";

addSentences("messages", messages);

export interface KindProps {
  message: Message;
  chatId: string;
}

export default function Kinds({
  message,
  chatId,
  outgoing,
}: KindProps & { outgoing: Outgoing | null }) {
  const { files, details } = message;
  const shown = { message, chatId };
  return (
    <div className={styles.kinds}>
      {details?.referral ? <ReferralNote referral={details.referral} /> : null}
      {details?.story ? <StoryNote story={details.story} {...shown} /> : null}
      {isAlbum(files) && files.every(({ state }) => state === "ready" || state === "linked") ? (
        <Album {...shown} />
      ) : (
        files.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the files of a message never move
          <FileOf key={index} index={index} outgoing={outgoing} {...shown} />
        ))
      )}
      {details?.location ? <Place location={details.location} /> : null}
      {details?.cards ? <Cards cards={details.cards} /> : null}
      {details?.order ? <Order lines={details.order} note={message.text} /> : null}
      {details?.choice ? <ChoiceReply choice={details.choice} /> : null}
      {details?.template ? <TemplateBody template={details.template} /> : null}
      {details?.menu ? <MenuBody text={message.text} menu={details.menu} /> : null}
      {details?.link && !details.location ? <Shared link={details.link} /> : null}
    </div>
  );
}

function FileOf({
  message,
  chatId,
  index,
  outgoing,
}: KindProps & { index: number; outgoing: Outgoing | null }) {
  const file = message.files[index];
  if (!file) return null;
  if (file.state === "pending" || file.state === "failed" || file.state === "expired") {
    return (
      <FileState message={message} chatId={chatId} index={index} file={file} outgoing={outgoing} />
    );
  }
  switch (file.kind) {
    case "image":
    case "sticker":
      return <Picture message={message} chatId={chatId} index={index} file={file} />;
    case "audio":
      return <Player message={message} chatId={chatId} index={index} file={file} />;
    case "video":
      return <Video message={message} chatId={chatId} index={index} file={file} />;
    default:
      return <DocumentCard message={message} chatId={chatId} index={index} file={file} />;
  }
}

export interface FileProps extends KindProps {
  index: number;
  file: Message["files"][number];
}
