/** Brings the sentences of the installed page; whoever says one imports this. */

import { addSentences } from "~/i18n";
import { phone } from "~/i18n/phone";

addSentences("phone", phone);
