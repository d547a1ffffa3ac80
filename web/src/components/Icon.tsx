/** The icons in use, drawn at the size of the text beside them. */

import type { ComponentType } from "react";

interface Drawn {
  size?: number | string;
  stroke?: number | string;
  className?: string;
  "aria-hidden"?: boolean | "true" | "false";
}

/** An icon that only decorates: its words stand beside it. */
export function Icon({
  of: Shape,
  size = 18,
  className,
}: {
  of: ComponentType<Drawn>;
  size?: number;
  className?: string;
}) {
  return <Shape size={size} stroke={1.75} className={className} aria-hidden="true" />;
}
