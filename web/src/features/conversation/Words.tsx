/** A text as people wrote it: never as HTML, its links only where they are safe, few emoji large. */

import { memo, useSyncExternalStore } from "react";
import { largeEmoji, mayHoldLink, type Piece } from "~/lib/text";
import styles from "./Balloon.module.css";

let split: ((text: string) => Piece[]) | null = null;
let asked = false;
const waiting = new Set<() => void>();

/** What finds links comes with the first text that may hold one. */
function subscribe(listener: () => void): () => void {
  waiting.add(listener);
  if (!asked) {
    asked = true;
    import("~/lib/links").then(
      ({ splitLinks }) => {
        split = splitLinks;
        for (const told of waiting) told();
      },
      () => {
        asked = false;
      },
    );
  }
  return () => {
    waiting.delete(listener);
  };
}

const never = () => () => {};
const finder = () => split;

export const Words = memo(function Words({ text }: { text: string }) {
  const linked = mayHoldLink(text);
  const splitLinks = useSyncExternalStore(linked ? subscribe : never, finder);
  const large = largeEmoji(text);
  return (
    <p
      className={styles.text}
      dir="auto"
      data-large={large > 0 ? large : undefined}
      data-testid="message-text"
    >
      {linked && splitLinks
        ? splitLinks(text).map((piece, index) =>
            piece.kind === "link" ? (
              <a
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
                key={index}
                href={piece.href}
                title={piece.href}
                target="_blank"
                rel="noopener noreferrer"
                className="isolated"
              >
                {piece.text}
              </a>
            ) : (
              piece.text
            ),
          )
        : text}
    </p>
  );
});
