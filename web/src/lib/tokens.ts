/** Who is logged in, in this browser (PERM-3): tokens, their silent renewal, logout.
 * What logging in itself takes is in login.ts, which who is in already does not load.
 */

import { Amplify } from "aws-amplify";
import { fetchAuthSession, signOut } from "aws-amplify/auth";
import { LoggedOut, type TokenSource, Unreachable } from "./api/http";
import type { LoginConfig } from "./config";
import { kept } from "./storage";

/** Must be called once, before anything else here and in login.ts. */
export function configureLogin(login: LoginConfig): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: login.user_pool_id,
        userPoolClientId: login.client_id,
        ...(login.endpoint ? { userPoolEndpoint: login.endpoint } : {}),
      },
    },
  });
}

export async function logOut(): Promise<void> {
  try {
    await signOut();
  } catch {
    // The tokens of this browser are gone even when Cognito could not be told.
  }
}

/** Nobody has decided about the login: no answer came, or one that may be another soon. */
const PASSING = /^(NetworkError|Unknown|AbortError|TooManyRequests|LimitExceeded|Internal|Service)/;

/** So long nobody asks again after that: whoever asks at once hears it at once. */
export const RESTS_MS = 1_000;
let restsUntil = 0;

async function session(forceRefresh: boolean) {
  if (Date.now() < restsUntil) throw new Unreachable(null);
  try {
    return (await fetchAuthSession({ forceRefresh })).tokens?.idToken?.toString() ?? null;
  } catch (error) {
    if (!(error instanceof Error && PASSING.test(error.name))) return null;
    restsUntil = Date.now() + RESTS_MS;
    throw new Unreachable(error);
  }
}

/** Whose login this browser holds, usable or not; null when it holds none. Amplify keeps it there. */
export function loginName(): string | null {
  const client = Amplify.getConfig().Auth?.Cognito.userPoolClientId;
  return kept.get(`CognitoIdentityServiceProvider.${client}.LastAuthUser`);
}

/** True when this browser holds a login that can be used or renewed. */
export async function isLoggedIn(): Promise<boolean> {
  try {
    return (await session(false)) !== null;
  } catch {
    return true;
  }
}

/** The id token, renewed silently (PERM-3). */
export const tokens: TokenSource = {
  async token(renew = false) {
    const token = await session(renew);
    if (!token) throw new LoggedOut();
    return token;
  },
};
