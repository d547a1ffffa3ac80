/** One flow: its name, folder and document; checked while it is written, updated, published (FLOW-9). */

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconPaperclip, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { Notice } from "~/components/Notice";
import { Remark } from "~/components/Remark";
import { useFlows } from "~/features/schedules/useSchedules";
import { doors } from "~/lib/api/doors";
import { Refused } from "~/lib/api/http";
import type { FlowDetails, FlowFault } from "~/lib/api/types";
import { sendFile } from "~/lib/api/upload";
import { saveFile } from "../files";
import { Page } from "../Page";
import { Status } from "../Parts";
import { EACH_VISIT, useRenew } from "../queries";
import { Removal } from "../Removal";
import { RemoveButton } from "../RemoveButton";
import { useRefusal } from "../refusals";
import { useUnsaved } from "../unsaved";
import { FaultList } from "./FaultList";
import styles from "./Flows.module.css";
import { faultsOf, isWarning } from "./faults";
import { Paper, showPlace } from "./Paper";
import { lineAt, placeOf, placesOf } from "./places";

const CHECKED_AFTER_MS = 600;

export function FlowEditor({ flowId }: { flowId: string }) {
  const { t } = useTranslation("flows");
  const { t: common } = useTranslation();
  const { t: words } = useTranslation("administration");
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ["flow", flowId],
    queryFn: () => doors.flow(flowId),
    refetchOnWindowFocus: false,
    gcTime: 0,
    ...EACH_VISIT,
  });
  if (query.data) return <Editor key={flowId} flowId={flowId} first={query.data} />;
  const gone = query.error instanceof Refused && query.error.status === 404;
  return (
    <Page title={words("pages.flows")} text={t("list.text")}>
      {query.isError ? (
        <Notice
          alert
          icon={<Icon of={IconTrash} size={26} />}
          title={t(gone ? "editor.gone" : "editor.failed")}
          action={
            gone
              ? { label: t("editor.back"), act: () => void navigate("/fluxos") }
              : { label: common("app.retry"), act: () => void query.refetch() }
          }
        >
          {gone ? t("list.text") : words("table.failed")}
        </Notice>
      ) : (
        <Bone width="100%" height={320} />
      )}
    </Page>
  );
}

const written = (details: FlowDetails) => JSON.stringify(details.document, null, 2);

function Editor({ flowId, first }: { flowId: string; first: FlowDetails }) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const renew = useRenew();
  const refusal = useRefusal();
  const hint = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const flows = useFlows();
  const [kept, setKept] = useState(first);
  const [name, setName] = useState(first.flow.name);
  const [category, setCategory] = useState(first.flow.category_id);
  const [text, setText] = useState(() => written(first));
  const [checked, setChecked] = useState<{ text: string; faults: FlowFault[] } | null>({
    text,
    faults: first.faults,
  });
  const [busy, setBusy] = useState<"update" | "publish" | "attach" | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [removing, setRemoving] = useState(false);
  const dirty =
    text !== written(kept) || name !== kept.flow.name || category !== kept.flow.category_id;
  useUnsaved(dirty);

  const places = useMemo(() => placesOf(text), [text]);
  const { brokenAt } = places;
  // The server knows what the agency has: it is asked once the writing rests.
  useEffect(() => {
    if (brokenAt !== null || checked?.text === text) return;
    let over = false;
    const timer = setTimeout(() => {
      const document: unknown = JSON.parse(text);
      if (typeof document !== "object" || document === null || Array.isArray(document)) {
        setChecked({ text, faults: [{ path: "", reason: "wrong_kind" }] });
        return;
      }
      doors.checkFlow(document).then(
        ({ faults }) => over || setChecked({ text, faults }),
        (error: unknown) => over || setFailed(error),
      );
    }, CHECKED_AFTER_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [text, brokenAt, checked]);

  const current = checked?.text === text ? checked.faults : null;
  const stands = current?.filter((one) => !isWarning(one)).length ?? 0;
  const meanwhile = failed instanceof Refused && failed.code === "edited_meanwhile" ? failed : null;
  const change = (after: string) => {
    setText(after);
    setSaid(null);
    if (!meanwhile) setFailed(null);
  };
  const show = (place: number) => showPlace(area.current, place, lineAt(text, place));

  const run = async (what: "update" | "publish" | "attach", act: () => Promise<void>) => {
    if (busy) return;
    setBusy(what);
    setSaid(null);
    setFailed(null);
    try {
      await act();
    } catch (error) {
      setFailed(error);
      const faults = faultsOf(error);
      if (faults) setChecked({ text, faults });
    } finally {
      setBusy(null);
    }
  };
  const take = async (details: FlowDetails) => {
    setKept(details);
    queries.setQueryData(["flow", flowId], details);
    await renew("flows");
  };
  const update = (version: number) =>
    run("update", async () => {
      const details = await doors.saveFlow(flowId, {
        version,
        name: name.trim(),
        category_id: category,
        document: JSON.parse(text) as Record<string, unknown>,
      });
      await take(details);
      // What was written while it was on its way stays.
      setName((now) => (now === name ? details.flow.name : now));
      setText((now) => (now === text ? written(details) : now));
      setChecked({ text: written(details), faults: details.faults });
      setSaid(t("editor.updated"));
    });
  const publish = () =>
    run("publish", async () => {
      await take(await doors.publishFlow(flowId, kept.version));
      setSaid(t("editor.publishedNow"));
    });
  const latest = async () => {
    const details = await doors.flow(flowId);
    setKept(details);
    return details;
  };
  const reload = () =>
    run("update", async () => {
      const details = await latest();
      setName(details.flow.name);
      setCategory(details.flow.category_id);
      setText(written(details));
      setChecked({ text: written(details), faults: details.faults });
    });
  const attach = (chosen: File) =>
    run("attach", async () => {
      const upload = await doors.upload({
        content_type: chosen.type || "application/octet-stream",
        size: chosen.size,
        name: chosen.name,
      });
      await sendFile(upload, chosen, () => {});
      const added = await doors.addFlowFile({ key: upload.key, name: chosen.name, voice: false });
      if (!area.current) return;
      const { value, selectionStart, selectionEnd } = area.current;
      setText(value.slice(0, selectionStart) + JSON.stringify(added) + value.slice(selectionEnd));
      setSaid(t("editor.attached"));
    });

  return (
    <Page
      title={kept.flow.name}
      text={
        kept.flow.published === null
          ? t("editor.never")
          : t("editor.version", { number: kept.flow.published })
      }
      actions={
        <Button
          variant="subtle"
          leftSection={<Icon of={IconArrowLeft} />}
          component="a"
          href="/fluxos"
          onClick={(event) => {
            event.preventDefault();
            void navigate("/fluxos");
          }}
          data-testid="flow-back"
        >
          {t("editor.back")}
        </Button>
      }
    >
      <div className={styles.head}>
        <TextInput
          label={t("list.name")}
          value={name}
          maxLength={80}
          error={name.trim() ? null : t("faults.empty")}
          onChange={(event) => setName(event.currentTarget.value)}
          dir="auto"
          autoComplete="off"
          required
          data-testid="flow-name"
        />
        <NativeSelect
          label={t("list.category")}
          value={category ?? ""}
          onChange={(event) => setCategory(event.currentTarget.value || null)}
          data={[
            { value: "", label: t("list.none") },
            ...(flows.data?.categories ?? []).map((one) => ({
              value: one.category_id,
              label: one.name,
            })),
          ]}
          data-testid="flow-category"
        />
      </div>
      <div className={styles.tools}>
        <Button
          loading={busy === "update"}
          disabled={!dirty || brokenAt !== null || name.trim() === ""}
          onClick={() => void update(kept.version)}
          data-testid="flow-update"
        >
          {t("editor.update")}
        </Button>
        <Button
          variant="default"
          loading={busy === "publish"}
          disabled={dirty || !kept.flow.changed || stands > 0}
          title={
            dirty
              ? t("editor.saveFirst")
              : stands > 0
                ? t("editor.faultsFirst")
                : kept.flow.changed
                  ? undefined
                  : t("editor.upToDate")
          }
          onClick={() => void publish()}
          data-testid="flow-publish"
        >
          {t("editor.publish")}
        </Button>
        <Button
          variant="default"
          leftSection={<Icon of={IconDownload} size={16} />}
          onClick={() =>
            saveFile(`${kept.flow.name}.json`, `${written(kept)}\n`, "application/json")
          }
          data-testid="flow-export"
        >
          {t("editor.export")}
        </Button>
        <input
          ref={file}
          type="file"
          hidden
          onChange={(event) => {
            const [chosen] = event.currentTarget.files ?? [];
            if (chosen) void attach(chosen);
            event.currentTarget.value = "";
          }}
          data-testid="flow-file"
        />
        <Button
          variant="default"
          leftSection={<Icon of={IconPaperclip} size={16} />}
          loading={busy === "attach"}
          title={t("editor.attachHint")}
          onClick={() => file.current?.click()}
        >
          {t("editor.attach")}
        </Button>
        <span className={styles.grow} />
        <Status
          tone={kept.flow.published === null ? "quiet" : kept.flow.changed ? "warning" : "good"}
        >
          {t(
            kept.flow.published === null
              ? "list.draft"
              : kept.flow.changed
                ? "list.changed"
                : "list.published",
          )}
        </Status>
        <RemoveButton act={() => setRemoving(true)} />
      </div>
      {said ? (
        <p role="status" data-testid="flow-said">
          {said}
        </p>
      ) : null}
      {meanwhile ? (
        <Remark tone="warning" testId="flow-meanwhile">
          {t("editor.editedMeanwhile", {
            name: typeof meanwhile.body.by === "string" ? meanwhile.body.by : t("editor.somebody"),
          })}{" "}
          <Button variant="default" size="compact-sm" onClick={() => void reload()}>
            {t("editor.reload")}
          </Button>{" "}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => void latest().then((details) => update(details.version), setFailed)}
          >
            {t("editor.overwrite")}
          </Button>
        </Remark>
      ) : failed && faultsOf(failed) === null ? (
        <Remark tone="danger" testId="flow-failed">
          {failed instanceof Refused && failed.code === "file_refused"
            ? t("editor.attachRefused")
            : refusal(failed)}
        </Remark>
      ) : null}
      <div className={styles.work}>
        <div>
          <Paper
            text={text}
            change={change}
            area={area}
            label={t("editor.json")}
            describedBy={hint}
            invalid={brokenAt !== null || stands > 0}
          />
          <p className={styles.hint} id={hint}>
            {t("editor.jsonHint")}
          </p>
        </div>
        <section className={styles.faults} aria-live="polite" data-testid="flow-faults">
          {brokenAt !== null ? (
            <button type="button" className={styles.fault} onClick={() => show(brokenAt)}>
              {t("editor.notJson", { line: lineAt(text, brokenAt) })}
            </button>
          ) : current === null ? (
            <p className={styles.hint}>{t("editor.checking")}</p>
          ) : current.length === 0 ? (
            <p>
              <Status tone="good">{t("editor.clean")}</Status>
            </p>
          ) : (
            <>
              <h3>{t("editor.faultsTitle", { count: current.length })}</h3>
              <FaultList
                faults={current}
                lineOf={(fault) => lineAt(text, placeOf(places, fault.path))}
                show={(fault) => show(placeOf(places, fault.path))}
              />
            </>
          )}
        </section>
      </div>
      {removing ? (
        <Removal
          question={t("editor.removeTitle", { name: kept.flow.name })}
          remove={async () => {
            await doors.removeFlow(flowId);
            await renew("flows");
            void navigate("/fluxos");
          }}
          close={() => setRemoving(false)}
        >
          {t("editor.removeText")}
        </Removal>
      ) : null}
    </Page>
  );
}
