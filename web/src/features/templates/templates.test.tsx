// @vitest-environment jsdom

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import type { Message, Template, TemplateToSend, Variable } from "~/lib/api/types";
import { aMe } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import { TemplateForm } from "./TemplateForm";
import { boundValues, expanded, filled, missingValues, toSend } from "./variables";

const TEMPLATE: Template = {
  template_id: "t1",
  name: "retomar",
  language: "pt_BR",
  category: "utility",
  status: "approved",
  sendable: true,
  unsendable_because: null,
  reason: null,
  quality: "GREEN",
  header_kind: "text",
  header: "Pedido {{1}}",
  body: "Oi, {{1}}! Seu protocolo é {{2}}.",
  footer: "Loja",
  buttons: [{ kind: "url", text: "Acompanhar", variable: "button.0" }],
  variables: ["header.1", "body.1", "body.2", "button.0"],
  bindings: { "body.1": "{nome}" },
  price: {
    amount: "0.0068",
    currency: "USD",
    country: "BR",
    since: "2026-10-01",
    read: "2026-11-26",
    source: "https://copias.example/tabela",
  },
};
const PICTURE: Template = {
  ...TEMPLATE,
  name: "foto",
  header_kind: "image",
  header: "",
  body: "Veja.",
  buttons: [],
  variables: ["header.file"],
  bindings: {},
};
const FILM: Template = { ...PICTURE, name: "filme", header_kind: "video" };
const KNOWN: Variable[] = [
  { name: "nome", kind: "text", label: null, value: "Bia", hidden: false },
  { name: "foto", kind: "image", label: "Foto", value: "https://x/y", hidden: false },
];

describe("SEND-2, SEND-3: a template's variables", () => {
  it("begin with what they are bound to, and say what is missing", () => {
    const values = boundValues(TEMPLATE);
    expect(values).toEqual({ "body.1": "{nome}" });
    expect(missingValues(TEMPLATE, values)).toEqual({
      "header.1": "value",
      "body.2": "value",
      "button.0": "value",
    });
    expect(missingValues(TEMPLATE, { ...values, "header.1": "x".repeat(1025) })).toMatchObject({
      "header.1": "too_long",
    });
  });

  it("are read as the contact will read them, where they are known", () => {
    const read = expanded({ "body.1": "{nome}", "body.2": "{foto} {nada}" }, KNOWN);
    expect(read).toEqual({ "body.1": "Bia", "body.2": "{foto} {nada}" });
    expect(filled("body", TEMPLATE.body, read)).toBe("Oi, Bia! Seu protocolo é {foto} {nada}.");
  });

  it("go out each with a value and nothing else", () => {
    expect(toSend(TEMPLATE, { "header.1": " 7 ", "body.1": "a", other: "x" }).values).toEqual({
      "header.1": "7",
      "body.1": "a",
      "body.2": "",
      "button.0": "",
    });
  });
});

vi.mock("~/lib/api/upload", () => ({ sendFile: vi.fn(async () => {}) }));

describe("SEND-2: the form", () => {
  const templates = vi.spyOn(doors, "templates");
  const variables = vi.spyOn(doors, "variables");
  let told: [TemplateToSend | null, Partial<Message>] = [null, {}];

  beforeAll(() => {
    window.matchMedia = ((media: string) => ({
      matches: false,
      media,
      addEventListener: () => {},
      removeEventListener: () => {},
    })) as unknown as typeof window.matchMedia;
    globalThis.ResizeObserver = class {
      observe() {}
      unobserve() {}
      disconnect() {}
    };
  });
  beforeEach(() => {
    told = [null, {}];
    templates.mockReset();
    templates.mockResolvedValue({ account: "1", templates: [TEMPLATE, PICTURE, FILM] });
    variables.mockReset();
    variables.mockResolvedValue({ variables: KNOWN });
  });
  afterEach(cleanup);

  const open = (tried = false) =>
    render(
      <MantineProvider env="test">
        <QueryClientProvider client={new QueryClient()}>
          <DeskContext
            value={deskAndMe(
              { subscribe: () => () => {}, getSnapshot: () => ({}) } as unknown as Desk,
              aMe(),
              null,
            )}
          >
            <TemplateForm
              chatId="a"
              tried={tried}
              onReady={(body, shown) => {
                told = [body, shown];
              }}
            />
          </DeskContext>
        </QueryClientProvider>
      </MantineProvider>,
    );
  const choose = async (name = "retomar") => {
    fireEvent.click(await screen.findByTestId("template-field"));
    fireEvent.change(await screen.findByTestId("finder-search"), { target: { value: name } });
    fireEvent.keyDown(await screen.findByTestId("finder-search"), { key: "Enter" });
  };
  const type = (variable: string, value: string) =>
    fireEvent.change(screen.getByTestId(`template-value-${variable}`), { target: { value } });

  it("shows the preview filled and the price, and tells once it is whole", async () => {
    open();
    await choose();
    expect(told[0]).toBeNull();
    type("header.1", "42");
    type("body.2", "123");
    type("button.0", "abc");
    await waitFor(() =>
      expect(screen.getByTestId("template-preview").textContent).toContain(
        "Oi, Bia! Seu protocolo é 123.",
      ),
    );
    expect(screen.getByTestId("template-price").textContent).toContain("0,0068");
    expect(screen.getByTestId("template-price").textContent).toContain(
      "Estimativa, pela tabela da Meta de 01/10/2026 como estava em copias.example no dia 26/11/2026",
    );
    expect(told[0]).toEqual({
      name: "retomar",
      language: "pt_BR",
      values: { "header.1": "42", "body.1": "{nome}", "body.2": "123", "button.0": "abc" },
    });
    expect(told[1]).toMatchObject({
      kind: "template",
      text: "Pedido 42\n\nOi, Bia! Seu protocolo é 123.\n\nLoja",
      details: { template: { buttons: ["Acompanhar"] } },
    });
  });

  it("says beside each field what is missing once sending was tried", async () => {
    open(true);
    expect(screen.getByTestId("template-problem").textContent).toContain("Escolha a mensagem");
    await choose();
    const described = screen
      .getByTestId("template-value-header.1")
      .getAttribute("aria-describedby");
    const words = (described ?? "")
      .split(" ")
      .map((id) => document.getElementById(id)?.textContent);
    expect(words.join(" ")).toContain("Preencha esta variável.");
  });

  it("gives a file on its way to no template that was chosen meanwhile", async () => {
    let uploaded = () => {};
    vi.spyOn(doors, "upload").mockReturnValue(
      new Promise((resolve) => {
        uploaded = () => resolve({ key: "uploads/foto", url: "https://s3", fields: {}, limit: 9 });
      }),
    );
    open();
    await choose("foto");
    fireEvent.change(screen.getByTestId("template-value-header.file"), {
      target: { files: [new File(["x"], "foto.png", { type: "image/png" })] },
    });
    await screen.findByText(/Enviando…/);
    await choose("filme");
    uploaded();
    await new Promise((resolve) => setTimeout(resolve));
    expect(screen.getByText("Escolher arquivo")).toBeTruthy();
    expect(told[0]).toBeNull();
  });
});
