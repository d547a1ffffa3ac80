/** Stands in for Cognito under `npm run dev:fake`: any e-mail, password «errada» is wrong, «nova» is a first login. */

import { LoggedOut, type TokenSource } from "../src/lib/api/http";

export type { LoginFailure, LoginStep } from "../src/lib/login";

const KEY = "fake-login";

export class LoginRefused extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

export function configureLogin(): void {}

export async function logIn(email: string, password: string): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 400));
  if (password === "errada" || !email.includes("@")) throw new LoginRefused("wrong_password");
  if (password === "nova") return "new_password";
  localStorage.setItem(KEY, email);
  return "done";
}

export async function chooseFirstPassword(password: string): Promise<string> {
  if (password.length < 8) throw new LoginRefused("weak_password");
  localStorage.setItem(KEY, "nova");
  return "done";
}

export async function askForCode(): Promise<void> {}

export async function setForgottenPassword(_: string, code: string): Promise<void> {
  if (code !== "123456") throw new LoginRefused("wrong_code");
}

export async function logOut(): Promise<void> {
  localStorage.removeItem(KEY);
}

export async function isLoggedIn(): Promise<boolean> {
  return localStorage.getItem(KEY) !== null;
}

export const tokens: TokenSource = {
  async token() {
    if (localStorage.getItem(KEY) === null) throw new LoggedOut();
    return "fake";
  },
};
