/** How the page is built, and the fake desk for working without a stack (`npm run dev:fake`). */

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { fakeStack } from "./dev/fake.ts";
import { themeCss } from "./dev/themeCss.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => {
  const plugins: (Plugin | Plugin[])[] = [react(), themeCss()];
  const alias: Record<string, string> = {};
  if (mode === "fake") {
    plugins.push(fakeStack());
    alias["~/lib/login"] = here("./dev/fakeLogin.ts");
  }
  alias["~"] = here("./src");
  return {
    plugins,
    resolve: { alias },
    build: {
      target: "es2023",
      manifest: true,
      sourcemap: false,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: { host: "127.0.0.1" },
    preview: { host: "127.0.0.1" },
    test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
  };
});
