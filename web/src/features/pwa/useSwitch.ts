/** Turning this device on or off, and what to say when that fails. */

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWhy } from "~/components/useWhy";
import { Refused, Unreachable } from "~/lib/api/http";
import { NoPush, turnOff, turnOn } from "./push";
import { useMoved } from "./useStanding";

export type Outcome = "done" | "not_now" | "denied" | "failed";

export function useSwitch(agent: string) {
  const { t } = useTranslation("phone");
  const why = useWhy();
  const moved = useMoved();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const because = (error: unknown): string => {
    if (error instanceof Refused || error instanceof Unreachable) return why(error);
    return error instanceof NoPush ? t("settings.unsupported") : t("settings.service");
  };
  const turn = async (on: boolean): Promise<Outcome> => {
    setBusy(true);
    setFailure(null);
    try {
      await (on ? turnOn(agent) : turnOff());
      return "done";
    } catch (error) {
      if (error instanceof NoPush && error.reason !== "unsupported") return error.reason;
      setFailure(t("settings.failed", { why: because(error) }));
      return "failed";
    } finally {
      setBusy(false);
      moved();
    }
  };
  return { busy, failure, turn };
}
