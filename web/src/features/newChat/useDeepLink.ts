/** `?target_phone=`: the chat of that number, or «Novo chat» with it filled in (NEW-4). */

import { useEffect, useRef } from "react";
import { useLocation, useNavigate } from "react-router";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { Lookup } from "~/lib/api/types";
import { TARGET } from "./target";

const LONGEST = 40;
const TRY_AGAIN_MS = [500, 2_000];

interface Found {
  openChat: (chatId: string) => void;
  newChat: (phone: string, hidden: boolean) => void;
}

/** Looks the number of the address up, and takes it out of the address once it is answered. */
export function useDeepLink(found: Found): void {
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const phone = new URLSearchParams(search).get(TARGET);
  const latest = useRef({ found, pathname, search, navigate });
  latest.current = { found, pathname, search, navigate };
  useEffect(() => {
    if (phone === null) return;
    let left = false;
    void lookedUp(phone.trim().slice(0, LONGEST), () => left).then((lookup) => {
      if (left || lookup === "logged out") return;
      const { found, pathname, search, navigate } = latest.current;
      const rest = new URLSearchParams(search);
      rest.delete(TARGET);
      void navigate({ pathname, search: rest.toString() }, { replace: true });
      if (lookup === null) found.newChat(phone.trim(), false);
      else if (lookup.found === "readable" && lookup.chat_id !== null)
        found.openChat(lookup.chat_id);
      else found.newChat(lookup.phone, lookup.found === "hidden");
    });
    return () => {
      left = true;
    };
  }, [phone]);
}

/** Null when the server could not tell: «Novo chat» asks it again before anything is sent. */
async function lookedUp(phone: string, left: () => boolean): Promise<Lookup | null | "logged out"> {
  for (const wait of [...TRY_AGAIN_MS, null]) {
    if (left()) return null;
    try {
      return await doors.lookup(phone);
    } catch (error) {
      if (error instanceof LoggedOut) return "logged out";
      if (error instanceof Refused && !error.passing) return null;
      if (wait !== null) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return null;
}
