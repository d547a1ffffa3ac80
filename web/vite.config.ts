/** How the page is built and tested. */

import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { application } from "./dev/application.ts";
import { themeCss } from "./dev/themeCss.ts";

export default defineConfig({
  plugins: [react(), themeCss(), VitePWA(application)],
  resolve: { alias: { "~": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    manifest: true,
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // A list of what every lazy part imports would stand in the first screen's files: only the
      // pages are loaded with theirs. Without its styles nothing may be shown.
      resolveDependencies: (file, needed, { hostType }) =>
        hostType === "html" || /\/(Desk|Administration)Page-/.test(file)
          ? needed
          : needed.filter((one) => one.endsWith(".css")),
    },
  },
  server: { host: "127.0.0.1" },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
});
