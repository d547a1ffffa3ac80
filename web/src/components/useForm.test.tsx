// @vitest-environment jsdom
/** Forms: what is wrong is said when it should be, and saving twice at once is saving once. */

import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { useForm } from "./useForm";

afterEach(cleanup);

const EMPTY = { name: "", email: "" };
const check = ({ name, email }: typeof EMPTY) => ({
  ...(name ? {} : { name: "required" }),
  ...(email.includes("@") ? {} : { email: "wrong" }),
});

function form(save: (values: typeof EMPTY) => Promise<unknown> = async () => {}) {
  return renderHook(() => useForm({ initial: EMPTY, check, save })).result;
}

describe("ADM-1: problems beside fields", () => {
  it("are not told before a field was left", () => {
    const shown = form();
    expect(shown.current.problems).toEqual({});
    act(() => shown.current.left("name"));
    expect(shown.current.problems).toEqual({ name: "required" });
  });

  it("are all told when saving is tried, and nothing is saved", async () => {
    const save = vi.fn(async () => {});
    const shown = form(save);
    await act(() => shown.current.submit());
    expect(shown.current.problems).toEqual({ name: "required", email: "wrong" });
    expect(save).not.toHaveBeenCalled();
  });

  it("of the server stand until the field changes", async () => {
    const shown = form();
    act(() => shown.current.refuse({ email: "taken" }));
    act(() => shown.current.set("name", "Ana"));
    expect(shown.current.problems).toEqual({ email: "taken" });
    act(() => shown.current.set("email", "a@b.c"));
    expect(shown.current.problems).toEqual({});
  });
});

describe("ADM-1: saving", () => {
  const filled = (save: (values: typeof EMPTY) => Promise<unknown>) => {
    const shown = form(save);
    act(() => shown.current.set("name", "Ana"));
    act(() => shown.current.set("email", "a@b.c"));
    return shown;
  };

  it("twice at once is saving once", async () => {
    let finish = () => {};
    const save = vi.fn(() => new Promise<void>((done) => (finish = done)));
    const shown = filled(save);
    await act(async () => {
      void shown.current.submit();
      void shown.current.submit();
    });
    expect(shown.current.busy).toBe(true);
    await act(async () => finish());
    expect(shown.current.busy).toBe(false);
    expect(save).toHaveBeenCalledTimes(1);
  });

  it("that fails keeps what was typed, says so, and may be tried again", async () => {
    const save = vi.fn().mockRejectedValueOnce(new Error("no")).mockResolvedValueOnce(null);
    const shown = filled(save);
    await act(() => shown.current.submit());
    expect(shown.current.failed).toEqual(new Error("no"));
    expect(shown.current.values.name).toBe("Ana");
    await act(() => shown.current.submit());
    expect(shown.current.failed).toBeNull();
    expect(save).toHaveBeenCalledTimes(2);
  });

  it("knows whether there is something to lose", () => {
    const shown = form();
    expect(shown.current.dirty).toBe(false);
    act(() => shown.current.set("name", "Ana"));
    expect(shown.current.dirty).toBe(true);
    act(() => shown.current.set("name", ""));
    expect(shown.current.dirty).toBe(false);
    act(() => shown.current.reset({ name: "Ana", email: "" }));
    expect(shown.current.dirty).toBe(false);
  });
});
