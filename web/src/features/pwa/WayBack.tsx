/** How blocked notifications are allowed again: only the phone itself can (NOTIF-8). */

import { useTranslation } from "react-i18next";
import { deviceKind } from "~/lib/device";
import { type Browser, isIos } from "./label";
import "./words";

export function WayBack() {
  const { t } = useTranslation("phone");
  const way =
    deviceKind() === "browser"
      ? "browser"
      : isIos(navigator as unknown as Browser)
        ? "ios"
        : "android";
  return (
    <>
      <p>{t(`denied.${way}`)}</p>
      <p>{t("denied.back")}</p>
    </>
  );
}
