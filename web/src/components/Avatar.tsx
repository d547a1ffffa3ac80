/** A round sign: someone's picture, or their initials in one of a few quiet tones. */

import { useState } from "react";
import { initials } from "~/lib/text";
import styles from "./Avatar.module.css";

function toneOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return sum % 5;
}

interface AvatarProps {
  name: string;
  size?: number;
  /** An address to show a picture from; one that cannot be had is as none. */
  picture?: string | null;
}

export function Avatar({ name, size = 40, picture = null }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span
      className={styles.avatar}
      data-tone={toneOf(name)}
      style={{ width: size, height: size, fontSize: Math.max(10, Math.round(size * 0.36)) }}
      aria-hidden="true"
    >
      {picture && picture !== broken ? (
        <img
          className={styles.picture}
          src={picture}
          alt=""
          width={size}
          height={size}
          onError={() => setBroken(picture)}
        />
      ) : (
        initials(name)
      )}
    </span>
  );
}
