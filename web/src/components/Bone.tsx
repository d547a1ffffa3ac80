/** A grey shape where words will be, of their size. */

import styles from "./Bone.module.css";

export function Bone({
  width,
  height = 12,
  round = false,
}: {
  width: number | string;
  height?: number;
  round?: boolean;
}) {
  return (
    <span
      className={styles.bone}
      style={{ width, height, ...(round ? { borderRadius: "50%" } : {}) }}
      aria-hidden="true"
    />
  );
}
