/** One accent, one radius, one spacing scale: what Mantine's components look like here. */

import type { MantineColorsTuple, MantineThemeOverride } from "@mantine/core";

const brand: MantineColorsTuple = [
  "#eef3ff",
  "#dce6ff",
  "#b9ccff",
  "#93b0ff",
  "#7195fa",
  "#4f77ef",
  "#3358d4",
  "#2a49b2",
  "#233d92",
  "#1c3074",
];

const dark: MantineColorsTuple = [
  "#e6ebf4",
  "#c3cbdb",
  "#9ba8bf",
  "#7684a0",
  "#3a465b",
  "#2f3a4d",
  "#1c2431",
  "#151b25",
  "#111720",
  "#0e1219",
];

export const theme: MantineThemeOverride = {
  colors: { brand, dark },
  primaryColor: "brand",
  primaryShade: { light: 6, dark: 6 },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "8px", md: "8px", lg: "8px", xl: "999px" },
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  cursorType: "pointer",
  autoContrast: false,
  respectReducedMotion: true,
  components: { Checkbox: { defaultProps: { radius: "xs" } } },
};
