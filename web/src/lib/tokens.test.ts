/** When a login has ended, and when only nobody could be asked (PERM-3). */

import { fetchAuthSession } from "aws-amplify/auth";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { LoggedOut, Unreachable } from "./api/http";
import { isLoggedIn, RESTS_MS, tokens } from "./tokens";

vi.mock("aws-amplify/auth", () => ({ fetchAuthSession: vi.fn(), signOut: vi.fn() }));

let now = Date.parse("2026-11-23T12:00:00.000Z");
beforeEach(() => {
  // What an earlier test found out has been forgotten by then.
  now += 10 * RESTS_MS;
  vi.useFakeTimers({ now });
  vi.clearAllMocks();
});
afterEach(() => {
  vi.useRealTimers();
});

const named = (name: string) => Object.assign(new Error(name), { name });

it.each([
  ["NetworkError"],
  ["Unknown"],
  ["AbortError"],
  ["TooManyRequestsException"],
  ["InternalErrorException"],
  ["ServiceUnavailable"],
])("%s decides nothing: the login stays", async (name) => {
  vi.mocked(fetchAuthSession).mockRejectedValue(named(name));
  await expect(tokens.token()).rejects.toBeInstanceOf(Unreachable);
  expect(await isLoggedIn()).toBe(true);
});

it.each([
  ["NotAuthorizedException"],
  ["TokenRevokedException"],
  ["UserNotFoundException"],
  ["UserUnAuthenticatedException"],
])("%s ends it", async (name) => {
  vi.mocked(fetchAuthSession).mockRejectedValue(named(name));
  await expect(tokens.token()).rejects.toBeInstanceOf(LoggedOut);
  expect(await isLoggedIn()).toBe(false);
});

it("whoever asks again at once is told at once, and a moment later it is asked again", async () => {
  vi.mocked(fetchAuthSession).mockRejectedValueOnce(named("NetworkError"));
  await expect(tokens.token()).rejects.toBeInstanceOf(Unreachable);
  vi.mocked(fetchAuthSession).mockResolvedValue({
    tokens: { idToken: { toString: () => "t", payload: {} } },
  } as never);
  await expect(tokens.token()).rejects.toBeInstanceOf(Unreachable);
  expect(fetchAuthSession).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(RESTS_MS);
  expect(await tokens.token()).toBe("t");
});

it("without tokens there is none", async () => {
  vi.mocked(fetchAuthSession).mockResolvedValue({});
  expect(await isLoggedIn()).toBe(false);
});
