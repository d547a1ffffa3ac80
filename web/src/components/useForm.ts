/** A form's values, what is wrong with each, and whether there is something to lose. */

import { useCallback, useRef, useState } from "react";

export type Problems<Values> = Partial<Record<keyof Values, string>>;

export interface Form<Values> {
  values: Values;
  /** Beside each field: what is wrong, once it was left or saving was tried. */
  problems: Problems<Values>;
  dirty: boolean;
  busy: boolean;
  /** What the last try to save threw; null when none failed. */
  failed: unknown;
  set: <Name extends keyof Values>(name: Name, value: Values[Name]) => void;
  left: (name: keyof Values) => void;
  /** What the server found wrong, by field. */
  refuse: (problems: Problems<Values>) => void;
  submit: () => Promise<void>;
  /** Begins anew from these values. */
  reset: (values: Values) => void;
}

interface FormOptions<Values> {
  initial: Values;
  /** What is wrong with the values as they are; a pure function. */
  check: (values: Values) => Problems<Values>;
  /** Saves. What it throws is shown as `failed`. */
  save: (values: Values) => Promise<unknown>;
}

/** One form. Saving twice at once is saving once. */
export function useForm<Values extends object>({
  initial,
  check,
  save,
}: FormOptions<Values>): Form<Values> {
  const [start, setStart] = useState(initial);
  const [values, setValues] = useState(initial);
  const [told, setTold] = useState<ReadonlySet<keyof Values>>(new Set());
  const [refused, setRefused] = useState<Problems<Values>>({});
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const running = useRef(false);
  const found = check(values);
  const problems: Problems<Values> = { ...refused };
  for (const name of Object.keys(found) as (keyof Values)[]) {
    if (told.has(name)) problems[name] = found[name] as string;
  }
  const set = useCallback(<Name extends keyof Values>(name: Name, value: Values[Name]) => {
    setValues((before) => ({ ...before, [name]: value }));
    setRefused(({ [name]: _, ...rest }) => rest as Problems<Values>);
    setFailed(null);
  }, []);
  const left = useCallback(
    (name: keyof Values) => setTold((before) => new Set(before).add(name)),
    [],
  );
  const reset = useCallback((next: Values) => {
    setStart(next);
    setValues(next);
    setTold(new Set());
    setRefused({});
    setFailed(null);
  }, []);
  const submit = async () => {
    if (running.current) return;
    setTold(new Set(Object.keys(values) as (keyof Values)[]));
    if (Object.keys(found).length > 0) {
      focusFirstProblem();
      return;
    }
    running.current = true;
    setBusy(true);
    setFailed(null);
    setRefused({});
    try {
      await save(values);
    } catch (error) {
      setFailed(error);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return {
    values,
    problems,
    dirty: JSON.stringify(values) !== JSON.stringify(start),
    busy,
    failed,
    set,
    left,
    refuse: setRefused,
    submit,
    reset,
  };
}

/** After the problems are drawn, the first field that has one gets the focus. */
function focusFirstProblem(): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>("form [aria-invalid=true]")?.focus();
  });
}
