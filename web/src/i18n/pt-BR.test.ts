/** Every code has its sentence, and every sentence is used. */

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "~/lib/api/types";
import { explanationOf } from "~/lib/failures";
import { LOGIN_FAILURES } from "~/lib/login";
import { failures } from "./failures";
import { login } from "./login";
import { ptBR } from "./pt-BR";

it.each(ERROR_CODES)("the server's «%s» has a sentence", (code) => {
  expect(ptBR.errors[code]).toMatch(/\S/);
});

it.each(LOGIN_FAILURES)("the login's «%s» has a sentence", (reason) => {
  expect(login.failures[reason]).toMatch(/\S/);
});

describe("CHAT-5: every code of Meta's is explained", () => {
  const explained = (name: string) => Object.hasOwn(failures, name);
  const CODES = [
    0, 190, 1, 2, 3, 10, 200, 250, 299, 131005, 4, 17, 32, 341, 613, 33, 100, 368, 131031, 80007,
    130403, 130429, 130472, 130497, 131000, 131008, 131009, 131016, 131021, 131026, 131030, 131037,
    131042, 131045, 131047, 131048, 131049, 131050, 131051, 131052, 131053, 131055, 131056, 131057,
    131062, 131063, 131064, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068,
    132069, 133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016, 134011, 135000,
    137000, 139100, 139101, 139102, 139103, 147001, 147005, 2388001, 470, 471, 472, 1013,
  ];
  it.each(CODES)("%d", (code) => {
    const name = explanationOf(code, explained);
    expect(name).not.toBe("other");
    expect(explained(name)).toBe(true);
  });

  it.each([
    [10, 2018278, "window"],
    [10, 2534022, "window"],
    [10, 2018300, "2018300"],
    [200, 1545041, "551"],
    [100, 2018001, "551"],
    [100, 2018294, "131053"],
    [10, 1893063, "368"],
    [10, 999, "3"],
  ])("%d of Messenger and Instagram, told apart by %d", (code, subcode, name) => {
    expect(explanationOf(code, explained, subcode)).toBe(name);
    expect(explained(name)).toBe(true);
  });

  it("an unknown code has the general explanation", () => {
    expect(explanationOf(999_999, explained)).toBe("other");
  });

  it("190 reads as the page says", () => {
    expect(failures["190"].cause).toBe("Error validating access token");
    expect(failures["190"].next).toContain("«Token de Acesso»");
  });
});

it("LIVE-2: the failure sentence is the page's own", () => {
  expect(ptBR.resync.failed).toBe(
    "Não foi possível reconectar ao servidor. Verifique sua conexão com a internet.",
  );
});

it("no sentence stands in a component", () => {
  const root = resolve(import.meta.dirname, "..");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".tsx") && !file.includes(".test."),
  );
  const between = />\s*([A-Za-zÀ-ú][^<>{}=;()]*[a-zà-ú]{2}[^<>{}=;()]*)\s*<\//g;
  const found = files.flatMap((file) =>
    [...readFileSync(resolve(root, file), "utf8").matchAll(between)].map(
      (match) => `${file}: ${match[1]}`,
    ),
  );
  // The name of a company is no sentence.
  expect(found.filter((text) => !/^\S+: Meta\s*$/.test(text))).toEqual([]);
});
