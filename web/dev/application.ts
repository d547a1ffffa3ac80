/** The page as an application that is installed: its manifest, and what it keeps for no network. */

import type { VitePWAOptions } from "vite-plugin-pwa";
import { worker } from "../src/i18n/worker.ts";

const icon = (name: string, size: number, purpose: "any" | "maskable" | "monochrome") => ({
  src: `/icons/${name}.png`,
  sizes: `${size}x${size}`,
  type: "image/png",
  purpose,
});

export const application: Partial<VitePWAOptions> = {
  strategies: "injectManifest",
  srcDir: "src/sw",
  filename: "sw.ts",
  // The page registers it itself, late, and a new version waits until the agent takes it.
  injectRegister: false,
  registerType: "prompt",
  manifest: {
    id: "/",
    name: worker.application,
    short_name: worker.application,
    description: worker.description,
    lang: "pt-BR",
    dir: "ltr",
    start_url: "/",
    scope: "/",
    display: "standalone",
    theme_color: "#ffffff",
    background_color: "#f3f5f9",
    categories: ["business", "productivity"],
    icons: [
      icon("icon-192", 192, "any"),
      icon("icon-512", 512, "any"),
      icon("maskable-512", 512, "maskable"),
      icon("badge-96", 96, "monochrome"),
    ],
  },
  injectManifest: {
    globPatterns: ["**/*.{html,js,css,svg,png,woff2,wasm,json}"],
    // Files under assets/ carry a hash in their names.
    dontCacheBustURLsMatching: /^assets\//,
    maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
    target: "es2023",
    rollupFormat: "iife",
  },
};
