/** A list of contacts, from a file or pasted: seen before it is sent, told line by line (ADM-3). */

import {
  Button,
  Checkbox,
  FileButton,
  Modal,
  NativeSelect,
  Progress,
  Textarea,
} from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { Icon } from "~/components/Icon";
import { Remark } from "~/components/Remark";
import { useEscape } from "~/components/useEscape";
import { ONE_AREA, useNarrower } from "~/components/useWidth";
import { saveCsv } from "../files";
import { useRefusal } from "../refusals";
import {
  type ContactLine,
  contactsOf,
  csvOf,
  decoded,
  guess,
  type Mapping,
  parse,
  type Sheet,
} from "./csv";
import styles from "./ImportWindow.module.css";
import { type Told, useImport } from "./useImport";

const LARGEST_FILE = 5_000_000;
const MOST_LINES = 20_000;
const PREVIEWED = 5;
const LISTED = 200;

type Chosen = { sheet: Sheet; from: string };

export function ImportWindow({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  const full = useNarrower(ONE_AREA);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [pasted, setPasted] = useState("");
  const [mapping, setMapping] = useState<Mapping>({ header: false, name: 0, phone: 1 });
  const [problem, setProblem] = useState<string | null>(null);
  const [leaving, setLeaving] = useState(false);
  const sending = useImport();
  const lines = useMemo(() => (chosen ? contactsOf(chosen.sheet, mapping) : []), [chosen, mapping]);
  const take = (text: string, from: string) => {
    const sheet = parse(text);
    const found = guess(sheet);
    const count = contactsOf(sheet, found).length;
    if (count === 0) setProblem(words("imports.nothing"));
    else if (count > MOST_LINES) {
      setProblem(words("imports.tooManyLines", { count, limit: MOST_LINES }));
    } else {
      setProblem(null);
      setMapping(found);
      setChosen({ sheet, from });
    }
  };
  const takeFile = async (file: File | null) => {
    if (!file) return;
    if (file.size > LARGEST_FILE) {
      setProblem(words("imports.tooLarge"));
      return;
    }
    try {
      take(decoded(new Uint8Array(await file.arrayBuffer())), file.name);
    } catch {
      setProblem(words("imports.unreadable"));
    }
  };
  const leave = () => {
    if (sending.state === "sending") setLeaving(true);
    else close();
  };
  useEscape(leave);
  const begun = sending.state !== "idle";
  return (
    <>
      <Modal
        opened
        onClose={leave}
        closeOnEscape={false}
        title={words("imports.title")}
        centered
        size={640}
        fullScreen={full}
        lockScroll={false}
        attributes={{ header: { role: "presentation" } }}
        closeButtonProps={{ "aria-label": t("app.close") }}
        data-testid="import-window"
      >
        {begun ? (
          <Outcome
            sending={sending}
            total={lines.length}
            lines={lines}
            again={() => {
              sending.reset();
              setChosen(null);
              setPasted("");
            }}
            close={close}
            why={refusal}
          />
        ) : chosen ? (
          <Preview
            chosen={chosen}
            lines={lines}
            mapping={mapping}
            setMapping={setMapping}
            back={() => setChosen(null)}
            start={() => void sending.start(lines)}
          />
        ) : (
          <div className={styles.step}>
            <fieldset
              className={styles.drop}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => {
                event.preventDefault();
                void takeFile(event.dataTransfer.files[0] ?? null);
              }}
              aria-label={words("imports.source")}
            >
              <FileButton
                accept=".csv,.txt,.tsv,text/csv,text/plain"
                onChange={(file) => void takeFile(file)}
                inputProps={{ "aria-label": words("imports.file") }}
              >
                {(button) => (
                  <Button {...button} leftSection={<Icon of={IconFileUpload} />}>
                    {words("imports.file")}
                  </Button>
                )}
              </FileButton>
              <p className={styles.hint}>{words("imports.fileHint")}</p>
            </fieldset>
            <Textarea
              label={words("imports.paste")}
              placeholder={words("imports.pasteHint")}
              value={pasted}
              rows={6}
              onChange={(event) => setPasted(event.currentTarget.value)}
              data-testid="import-paste"
            />
            {problem ? <Remark tone="danger">{problem}</Remark> : null}
            <div className={styles.buttons}>
              <Button variant="default" onClick={close}>
                {t("app.cancel")}
              </Button>
              <Button
                disabled={pasted.trim() === ""}
                onClick={() => take(pasted, "")}
                data-testid="import-continue"
              >
                {words("imports.next")}
              </Button>
            </div>
          </div>
        )}
      </Modal>
      {leaving ? (
        <Confirm
          question={words("imports.keepOpenTitle")}
          yes={words("imports.keepOpenYes")}
          no={words("imports.keepOpenNo")}
          act={() => {
            sending.stop();
            close();
          }}
          close={() => setLeaving(false)}
        >
          {words("imports.keepOpenText")}
        </Confirm>
      ) : null}
    </>
  );
}

function Preview({
  chosen,
  lines,
  mapping,
  setMapping,
  back,
  start,
}: {
  chosen: Chosen;
  lines: ContactLine[];
  mapping: Mapping;
  setMapping: (mapping: Mapping) => void;
  back: () => void;
  start: () => void;
}) {
  const { t: words } = useTranslation("administration");
  const { sheet, from } = chosen;
  const heads = mapping.header ? (sheet.lines[0]?.cells ?? []) : [];
  const columns = Array.from({ length: Math.max(2, sheet.columns) }, (_, column) => ({
    value: String(column),
    label: heads[column]
      ? words("imports.columnNamed", { number: column + 1, name: heads[column] })
      : words("imports.column", { number: column + 1 }),
  }));
  const same = mapping.name === mapping.phone;
  const rest = lines.length - PREVIEWED;
  return (
    <div className={styles.step}>
      {from ? (
        <p className={styles.file}>
          <bdi>{from}</bdi>
        </p>
      ) : null}
      <Checkbox
        label={words("imports.header")}
        checked={mapping.header}
        onChange={({ currentTarget: { checked } }) => setMapping({ ...mapping, header: checked })}
        data-testid="import-header"
      />
      <div className={styles.columns}>
        <NativeSelect
          label={words("imports.nameColumn")}
          data={columns}
          value={String(mapping.name)}
          onChange={({ currentTarget: { value } }) =>
            setMapping({ ...mapping, name: Number(value) })
          }
          data-testid="import-name-column"
        />
        <NativeSelect
          label={words("imports.phoneColumn")}
          data={columns}
          value={String(mapping.phone)}
          error={same ? words("imports.sameColumn") : null}
          onChange={({ currentTarget: { value } }) =>
            setMapping({ ...mapping, phone: Number(value) })
          }
          data-testid="import-phone-column"
        />
      </div>
      <div className={styles.tableFrame}>
        <table className={styles.table} aria-label={words("imports.preview")}>
          <thead>
            <tr>
              <th scope="col">{words("imports.line")}</th>
              <th scope="col">{words("contacts.name")}</th>
              <th scope="col">{words("contacts.phone")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, PREVIEWED).map((one) => (
              <tr key={one.line} data-testid="import-preview-row">
                <td>{one.line}</td>
                <td>
                  <bdi dir="auto">{one.name}</bdi>
                </td>
                <td>{one.phone}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 ? <p className={styles.hint}>{words("imports.andMore", { count: rest })}</p> : null}
      <Remark>{words("imports.national")}</Remark>
      <div className={styles.buttons}>
        <Button variant="default" onClick={back}>
          {words("imports.otherFile")}
        </Button>
        <Button
          onClick={start}
          disabled={same || lines.length === 0}
          data-testid="import-start"
          data-autofocus
        >
          {words("imports.start", { count: lines.length })}
        </Button>
      </div>
    </div>
  );
}

function Outcome({
  sending,
  total,
  lines,
  again,
  close,
  why,
}: {
  sending: ReturnType<typeof useImport>;
  total: number;
  lines: ContactLine[];
  again: () => void;
  close: () => void;
  why: (error: unknown) => string;
}) {
  const { t: words } = useTranslation("administration");
  const [problems, setProblems] = useState(true);
  const { state, told, failed } = sending;
  const done = told.length;
  const byLine = useMemo(() => new Map(lines.map((one) => [one.line, one])), [lines]);
  const counts = useMemo(() => {
    const found = new Map<Told["outcome"], number>();
    for (const one of told) found.set(one.outcome, (found.get(one.outcome) ?? 0) + 1);
    return [...found].sort(([, one], [, other]) => other - one);
  }, [told]);
  const shown = problems ? told.filter((one) => one.outcome !== "added") : told;
  const title = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (state !== "sending") title.current?.focus();
  }, [state]);
  const download = () =>
    saveCsv(
      words("imports.fileName"),
      csvOf([
        [
          words("imports.line"),
          words("contacts.name"),
          words("contacts.phone"),
          words("imports.outcome"),
        ],
        ...told.map(({ line, outcome }) => [
          line,
          byLine.get(line)?.name ?? "",
          byLine.get(line)?.phone ?? "",
          words(`imports.outcomes.${outcome}`),
        ]),
      ]),
    );
  return (
    <div className={styles.step}>
      <p
        className={styles.progressWords}
        role="status"
        ref={title}
        tabIndex={-1}
        data-testid="import-state"
        data-state={state}
      >
        {state === "sending"
          ? words("imports.importing", { done, total })
          : state === "done"
            ? words("imports.done")
            : words("imports.stopped", { done, total })}
      </p>
      <Progress
        value={total === 0 ? 0 : (100 * done) / total}
        aria-label={words("imports.importing", { done, total })}
      />
      {failed ? (
        <Remark
          tone="danger"
          action={{ label: words("imports.resume"), act: () => void sending.start(lines) }}
        >
          {words("imports.interrupted", { line: lines[done]?.line ?? "", why: why(failed) })}
        </Remark>
      ) : null}
      <ul className={styles.counts}>
        {counts.map(([outcome, count]) => (
          <li
            key={outcome}
            className={styles.count}
            data-outcome={outcome}
            data-testid={`import-count-${outcome}`}
          >
            {words("imports.counted", { outcome: words(`imports.outcomes.${outcome}`), count })}
          </li>
        ))}
      </ul>
      {state !== "sending" && told.length > 0 ? (
        <>
          <Checkbox
            label={words("imports.onlyProblems")}
            checked={problems}
            onChange={(event) => setProblems(event.currentTarget.checked)}
          />
          {shown.length > 0 ? (
            <div className={styles.tableFrame} data-tall="true">
              <table className={styles.table} aria-label={words("imports.outcome")}>
                <thead>
                  <tr>
                    <th scope="col">{words("imports.line")}</th>
                    <th scope="col">{words("contacts.name")}</th>
                    <th scope="col">{words("contacts.phone")}</th>
                    <th scope="col">{words("imports.outcome")}</th>
                  </tr>
                </thead>
                <tbody>
                  {shown.slice(0, LISTED).map((one) => (
                    <tr key={one.line} data-testid="import-outcome-row">
                      <td>{one.line}</td>
                      <td>
                        <bdi dir="auto">{byLine.get(one.line)?.name}</bdi>
                      </td>
                      <td>{byLine.get(one.line)?.phone}</td>
                      <td>{words(`imports.outcomes.${one.outcome}`)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <p className={styles.hint}>{words("imports.noProblems")}</p>
          )}
          {shown.length > LISTED ? (
            <p className={styles.hint}>
              {words("imports.andMore", { count: shown.length - LISTED })}
            </p>
          ) : null}
        </>
      ) : null}
      <div className={styles.buttons}>
        {state === "sending" ? (
          <Button variant="default" onClick={sending.stop} data-testid="import-stop">
            {words("imports.cancel")}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={download} data-testid="import-download">
              {words("imports.download")}
            </Button>
            <Button variant="default" onClick={again}>
              {words("imports.another")}
            </Button>
            <Button onClick={close} data-testid="import-finish">
              {words("imports.finish")}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
