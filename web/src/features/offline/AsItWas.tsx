/** Says that what is shown is what was kept, and from when it is. */

import "./words";
import { useTranslation } from "react-i18next";
import { useNow } from "~/components/useNow";
import { clockTime, dayOf, rowTime } from "~/lib/time";

const DAY_MS = 86_400_000;

export default function AsItWas({ at }: { at: string }) {
  const { t } = useTranslation("offline");
  const now = useNow(60_000);
  const day = dayOf(at);
  const when = day === dayOf(now) ? "today" : day === dayOf(now - DAY_MS) ? "yesterday" : "earlier";
  const told = { time: clockTime(at), day: rowTime(at, now) };
  return <span data-testid="as-it-was">{t(`asItWas.${when}`, told)}</span>;
}
