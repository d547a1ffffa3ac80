/** One «Novo chat» from its first letter to its sending, which happens once (NEW-1, NEW-2). */

import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { Started, Template } from "~/lib/api/types";
import { forgetLastKey, newClientKey } from "~/lib/clock";
import { boundValues, HEADER_FILE, idOf } from "../templates/variables";
import type { Beginning } from "./NewChat";
import {
  emptyVariables,
  missing,
  type Reason,
  refusedFields,
  requestOf,
  typedOf,
  type Wish,
} from "./wish";

interface Exists {
  chatId: string | null;
  name: string | null;
}

interface Attempt {
  key: string;
  wish: string;
}

const ALL = {};

export function useStart(beginning: Beginning | null, done: (started: Started) => void) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("newChat");
  const queries = useQueryClient();
  const [wish, setWish] = useState<Wish>({
    name: "",
    open: true,
    ...typedOf(beginning?.phone ?? ""),
    account: null,
    values: ALL,
  });
  const [template, setTemplate] = useState<Template | null>(null);
  const [reasons, setReasons] = useState<Record<string, Reason>>({});
  const [general, setGeneral] = useState<string | null>(null);
  const [gone, setGone] = useState(false);
  const [exists, setExists] = useState<Exists | null>(
    beginning?.hidden ? { chatId: null, name: null } : null,
  );
  const [busy, setBusy] = useState(false);
  const sending = useRef(false);
  /** A try whose outcome is not known: said again as it was, it is the same chat. */
  const attempt = useRef<Attempt | null>(null);

  const change = (part: Partial<Wish>) => {
    setWish((before) => ({ ...before, ...part }));
    setGeneral(null);
    const touched = Object.keys(part);
    if ("foreign" in part) touched.push("phone");
    if ("phone" in part || "foreign" in part) setExists(null);
    setReasons((before) =>
      Object.fromEntries(Object.entries(before).filter(([name]) => !touched.includes(name))),
    );
    if ("account" in part) setTemplate(null);
  };

  /** A file that was being uploaded says so late: what was typed meanwhile stays. */
  const fill = (variable: string, value: string) => {
    setWish((before) => ({ ...before, values: { ...before.values, [variable]: value } }));
    setGeneral(null);
    setReasons(({ [variable]: _, ...others }) => others);
  };

  const choose = (chosen: Template) => {
    setTemplate(chosen);
    setWish((before) => {
      const { [HEADER_FILE]: _, ...typed } = before.values;
      return { ...before, values: { ...typed, ...boundValues(chosen) } };
    });
    setGeneral(null);
    setGone(false);
    setReasons(({ name, phone }) => ({ ...(name && { name }), ...(phone && { phone }) }));
  };

  const fail = async (error: unknown) => {
    if (error instanceof LoggedOut) return;
    if (!(error instanceof Refused) || error.passing) {
      setGeneral(words("unreachable"));
      return;
    }
    attempt.current = null;
    const fields = refusedFields(error, wish.foreign) ?? emptyVariables(error, wish);
    if (fields !== null) {
      setReasons(fields);
      focusProblem();
    } else if (error.code === "chat_exists") {
      const { chat_id: chatId, name } = error.body as { chat_id: string | null; name: string };
      setExists({ chatId: chatId ?? null, name: name ?? null });
    } else if (error.code === "template_gone") {
      setTemplate(null);
      setGone(true);
      await queries.invalidateQueries({ queryKey: ["templates"] });
    } else {
      setGeneral(t(`errors.${error.code ?? "other"}`));
    }
  };

  /** Sends, once however often it is asked while it runs. */
  const send = async () => {
    if (sending.current) return;
    const lacking = missing(wish, template);
    setReasons(lacking);
    setGeneral(null);
    if (template === null || Object.keys(lacking).length > 0) {
      focusProblem();
      return;
    }
    sending.current = true;
    setBusy(true);
    setExists(null);
    try {
      const asked = JSON.stringify([wish, idOf(template)]);
      const key = attempt.current?.wish === asked ? attempt.current.key : newClientKey();
      attempt.current = { key, wish: asked };
      done(await started(wish, template, attempt.current));
    } catch (error) {
      await fail(error);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  const said = (reason: Reason | undefined) => reason && words(`problems.${reason}`);
  const { name, phone, template: lacks, ...values } = reasons;
  return {
    wish,
    template,
    problems: {
      name: said(name),
      phone: said(phone),
      template: gone ? words("gone") : said(lacks),
      values: Object.fromEntries(
        Object.entries(values).map(([key, reason]) => [key, said(reason)]),
      ) as Record<string, string | undefined>,
      general,
    },
    exists,
    busy,
    change,
    fill,
    choose,
    send,
  };
}

/** This computer's clock may be wrong: nothing was done, so once more by the server's. */
async function started(wish: Wish, template: Template, attempt: Attempt): Promise<Started> {
  try {
    return await doors.startChat(requestOf(wish, template, attempt.key));
  } catch (error) {
    if (!(error instanceof Refused && error.code === "clock_skew")) throw error;
    forgetLastKey();
    attempt.key = newClientKey();
    return doors.startChat(requestOf(wish, template, attempt.key));
  }
}

function focusProblem(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus();
  });
}
