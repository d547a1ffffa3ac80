/** The words of what is said without a connection: a part that says some of them imports this first. */

import { addSentences } from "~/i18n";
import { offline } from "~/i18n/offline";

addSentences("offline", offline);
