/** The sign of each kind of message, beside its words: in lists, quotes and balloons. */

import {
  IconAddressBook,
  IconAt,
  IconFile,
  IconFileUnknown,
  IconInfoCircle,
  IconList,
  IconListCheck,
  IconMapPin,
  IconMicrophone,
  IconMoodSmile,
  IconPhoto,
  IconShare3,
  IconShoppingCart,
  IconSpeakerphone,
  IconSticker,
  IconTemplate,
  IconVideo,
} from "@tabler/icons-react";
import type { KindName } from "~/lib/api/types";

export const SIGNS: Partial<Record<KindName, typeof IconPhoto>> = {
  image: IconPhoto,
  audio: IconMicrophone,
  video: IconVideo,
  document: IconFile,
  sticker: IconSticker,
  location: IconMapPin,
  contacts: IconAddressBook,
  choice: IconListCheck,
  order: IconShoppingCart,
  reaction: IconMoodSmile,
  story_mention: IconAt,
  share: IconShare3,
  referral: IconSpeakerphone,
  template: IconTemplate,
  menu: IconList,
  system: IconInfoCircle,
  unsupported: IconFileUnknown,
};
