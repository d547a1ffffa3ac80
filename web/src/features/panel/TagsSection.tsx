/** The contact's stored tags: added and removed at once, undone when refused (INFO-5). */

import { Button, Popover } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Finder } from "~/components/Finder";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { TagChip, TagDot } from "~/components/TagChip";
import { useWhy } from "~/components/useWhy";
import { doors } from "~/lib/api/doors";
import type { Chat } from "~/lib/api/types";
import styles from "./Panel.module.css";
import { Section } from "./Section";
import { afterWishes, type Wishes, withoutMet } from "./tagWishes";
import { useLabels } from "./useLabels";

/** How long what a door has granted is believed before the chat's own event must have come. */
const BELIEVED_MS = 5_000;

export function TagsSection({ chat }: { chat: Chat }) {
  const { t } = useTranslation("panel");
  const { t: common } = useTranslation();
  const { row } = chat;
  const labels = useLabels();
  const why = useWhy();
  const [wishes, setWishes] = useState<Wishes>({});
  const [failed, setFailed] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  // One after the other, so that adding and removing the same tag quickly ends as clicked last.
  const queue = useRef(Promise.resolve());
  useEffect(() => setWishes((now) => withoutMet(now, row.tags)), [row.tags]);

  const wish = (tagId: string, there: boolean) => {
    setFailed(null);
    setWishes((now) => ({ ...now, [tagId]: there }));
    const forget = () =>
      setWishes((now) => {
        if (now[tagId] !== there) return now;
        const { [tagId]: _, ...rest } = now;
        return rest;
      });
    queue.current = queue.current.then(async () => {
      try {
        await (there ? doors.addTag : doors.removeTag)(row.chat_id, tagId);
        setTimeout(forget, BELIEVED_MS);
      } catch (error) {
        forget();
        setFailed(why(error));
      }
    });
  };

  const tags = labels.data?.tags;
  const byId = useMemo(() => new Map((tags ?? []).map((tag) => [tag.tag_id, tag])), [tags]);
  const shown = afterWishes(row.tags, wishes).flatMap((id) => byId.get(id) ?? []);
  const choices = useMemo(() => {
    const has = new Set(afterWishes(row.tags, wishes));
    return (tags ?? [])
      .filter((tag) => !has.has(tag.tag_id))
      .sort((a, b) => a.name.localeCompare(b.name, "pt-BR"))
      .map((tag) => ({ id: tag.tag_id, name: tag.name, sign: <TagDot color={tag.color} /> }));
  }, [tags, row.tags, wishes]);

  return (
    <Section id="tags" title={t("tags")} count={shown.length}>
      {labels.data ? (
        <>
          {shown.length > 0 ? (
            <ul className={styles.tags} data-testid="tags">
              {shown.map((tag) => (
                <li key={tag.tag_id}>
                  <TagChip name={tag.name} color={tag.color}>
                    <button
                      type="button"
                      className={styles.dropTag}
                      aria-label={t("removeTag", { name: tag.name })}
                      onClick={() => wish(tag.tag_id, false)}
                    >
                      <Icon of={IconX} size={12} />
                    </button>
                  </TagChip>
                </li>
              ))}
            </ul>
          ) : (
            <p className={styles.quiet}>{t("noTags")}</p>
          )}
          <Popover
            opened={choosing}
            onChange={setChoosing}
            position="bottom-start"
            width={288}
            shadow="md"
            trapFocus
            returnFocus
            transitionProps={{ duration: 0 }}
          >
            <Popover.Target>
              <Button
                variant="default"
                size="sm"
                leftSection={<Icon of={IconPlus} size={16} />}
                onClick={() => setChoosing(!choosing)}
                data-testid="add-tag"
              >
                {t("addTag")}
              </Button>
            </Popover.Target>
            <Popover.Dropdown className={styles.chooser} aria-label={t("addTag")}>
              <Finder
                label={t("searchTag")}
                choices={choices}
                nothing={t(byId.size === 0 ? "noTagsMade" : "noSuchTag")}
                choose={(id) => {
                  setChoosing(false);
                  wish(id, true);
                }}
                lines={7}
                overPage
              />
            </Popover.Dropdown>
          </Popover>
        </>
      ) : labels.isError ? (
        <Remark
          tone="danger"
          action={{ label: common("app.retry"), act: () => void labels.refetch() }}
        >
          {t("tagsFailed")}
        </Remark>
      ) : (
        <div className={styles.boneTags} role="status" aria-label={common("app.loading")}>
          <Bone width={72} height={22} />
          <Bone width={96} height={22} />
          <Bone width={54} height={22} />
        </div>
      )}
      {failed ? (
        <Remark
          tone="danger"
          action={{ label: t("failed.dismiss"), act: () => setFailed(null) }}
          testId="tags-failed"
        >
          {t("failed.undone", { why: failed })}
        </Remark>
      ) : null}
    </Section>
  );
}
