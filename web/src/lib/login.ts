/** Login with Cognito (PERM-3): SRP, first password, forgotten password, another password. */

import {
  confirmResetPassword,
  confirmSignIn,
  resetPassword,
  signIn,
  signOut,
  updatePassword,
} from "aws-amplify/auth";

/** Why a login step failed; each has its sentence in i18n/pt-BR.ts. */
export const LOGIN_FAILURES = [
  "wrong_password",
  "password_reset_required",
  "not_confirmed",
  "too_many_tries",
  "wrong_code",
  "expired_code",
  "weak_password",
  "unreachable",
  "challenge_expired",
  "unsupported_step",
  "other",
] as const;
export type LoginFailure = (typeof LOGIN_FAILURES)[number];

export class LoginRefused extends Error {
  constructor(
    readonly reason: LoginFailure,
    cause?: unknown,
  ) {
    super(reason, { cause });
    this.name = "LoginRefused";
  }
}

const REASONS: Record<string, LoginFailure> = {
  NotAuthorizedException: "wrong_password",
  UserNotFoundException: "wrong_password",
  EmptySignInUsername: "wrong_password",
  EmptySignInPassword: "wrong_password",
  PasswordResetRequiredException: "password_reset_required",
  UserNotConfirmedException: "not_confirmed",
  LimitExceededException: "too_many_tries",
  TooManyRequestsException: "too_many_tries",
  TooManyFailedAttemptsException: "too_many_tries",
  CodeMismatchException: "wrong_code",
  ExpiredCodeException: "expired_code",
  InvalidPasswordException: "weak_password",
  InvalidParameterException: "weak_password",
  NetworkError: "unreachable",
  SignInException: "challenge_expired",
};

function refusal(error: unknown): LoginRefused {
  if (error instanceof LoginRefused) return error;
  const { name, message } = error instanceof Error ? error : { name: "", message: "" };
  if (name === "NotAuthorizedException" && /session/i.test(message)) {
    return new LoginRefused("challenge_expired", error);
  }
  return new LoginRefused(REASONS[name] ?? "other", error);
}

async function attempt<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw refusal(error);
  }
}

export type LoginStep = "done" | "new_password" | "reset_password";

function stepOf(next: { signInStep: string }): LoginStep {
  if (next.signInStep === "DONE") return "done";
  if (next.signInStep === "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED") return "new_password";
  if (next.signInStep === "RESET_PASSWORD") return "reset_password";
  throw new LoginRefused("unsupported_step");
}

/** Logs in; the answer says which step comes next. Throws LoginRefused. */
export async function logIn(email: string, password: string): Promise<LoginStep> {
  return attempt(async () => {
    const username = email.trim();
    try {
      return stepOf((await signIn({ username, password })).nextStep);
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "UserAlreadyAuthenticatedException")
        throw error;
      await signOut();
      return stepOf((await signIn({ username, password })).nextStep);
    }
  });
}

/** Answers the first-login challenge with the person's own password. Throws LoginRefused. */
export async function chooseFirstPassword(password: string): Promise<LoginStep> {
  return attempt(async () =>
    stepOf((await confirmSignIn({ challengeResponse: password })).nextStep),
  );
}

/** Has a code sent to the address. Throws LoginRefused. */
export async function askForCode(email: string): Promise<void> {
  await attempt(() => resetPassword({ username: email.trim() }));
}

/** Sets a new password with the code that was sent. Throws LoginRefused. */
export async function setForgottenPassword(
  email: string,
  code: string,
  password: string,
): Promise<void> {
  await attempt(() =>
    confirmResetPassword({
      username: email.trim(),
      confirmationCode: code.trim(),
      newPassword: password,
    }),
  );
}

/** Changes the password of who is logged in (ADM-4). Throws LoginRefused. */
export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  await attempt(() => updatePassword({ oldPassword, newPassword }));
}
