/** When a login has ended, and when only nobody could be asked (PERM-3). */

import { fetchAuthSession } from "aws-amplify/auth";
import { expect, it, vi } from "vitest";
import { LoggedOut, Unreachable } from "./api/http";
import { isLoggedIn, tokens } from "./tokens";

vi.mock("aws-amplify/auth", () => ({ fetchAuthSession: vi.fn(), signOut: vi.fn() }));

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

it("without tokens there is none", async () => {
  vi.mocked(fetchAuthSession).mockResolvedValue({});
  expect(await isLoggedIn()).toBe(false);
});
