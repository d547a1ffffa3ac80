/** What this page is told about its agency's stack by /config.json on its own origin. */

export interface LoginConfig {
  endpoint: string | null;
  region: string;
  user_pool_id: string;
  client_id: string;
}

export interface Config {
  live: string;
  login: LoginConfig;
  agency: string;
  time_zone: string;
}

/** Fetches the configuration; throws when it cannot be had. */
export async function loadConfig(): Promise<Config> {
  const answer = await fetch("/config.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`config.json answered ${answer.status}`);
  return (await answer.json()) as Config;
}
