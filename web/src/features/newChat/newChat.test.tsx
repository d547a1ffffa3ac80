// @vitest-environment jsdom
/** «Novo Contato»: what it asks, every error beside its field, and one chat however often one clicks. */

import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { MemoryRouter, useLocation } from "react-router";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import "~/i18n";
import { doors } from "~/lib/api/doors";
import { Refused, Unreachable } from "~/lib/api/http";
import type { Lookup, Template } from "~/lib/api/types";
import { aChat, aMe } from "../live/builders";
import { DeskContext, deskAndMe } from "../live/DeskContext";
import type { Desk } from "../live/desk";
import NewChat, { type Beginning } from "./NewChat";
import { useDeepLink } from "./useDeepLink";
import { internationalOf, typedOf } from "./wish";

const ORDER: Template = {
  template_id: "pedido",
  status: "approved",
  sendable: true,
  unsendable_because: null,
  reason: null,
  quality: null,
  header_kind: "text",
  bindings: {},
  price: null,
  name: "pedido",
  language: "pt_BR",
  category: "utility",
  header: "Pedido {{numero}}",
  body: "Oi, {{nome}}! Chega em breve.",
  footer: "Loja",
  buttons: [{ kind: "quick_reply", text: "Ver", variable: null }],
  variables: ["header.numero", "body.nome"],
};
const SALE: Template = {
  ...ORDER,
  name: "promo",
  category: "marketing",
  header: "",
  body: "Só hoje!",
  variables: [],
};

const PICTURE: Template = {
  ...ORDER,
  name: "foto",
  header_kind: "image",
  header: "",
  variables: ["header.file", "body.nome"],
};
const FILM: Template = { ...PICTURE, name: "filme", header_kind: "video" };

vi.mock("~/lib/api/upload", () => ({ sendFile: vi.fn(async () => {}) }));
const upload = vi.spyOn(doors, "upload");
const startChat = vi.spyOn(doors, "startChat");
const templates = vi.spyOn(doors, "templates");
const lookup = vi.spyOn(doors, "lookup");
const desk = { subscribe: () => () => {}, getSnapshot: () => ({}) } as unknown as Desk;
const close = vi.fn();
const openChat = vi.fn();

function open(beginning: Beginning | null = null) {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MemoryRouter>
          <DeskContext value={deskAndMe(desk, aMe(), null)}>
            <NewChat beginning={beginning} close={close} openChat={openChat} />
          </DeskContext>
        </MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const field = (name: string) =>
  screen.getByTestId<HTMLInputElement>(name === "template" ? "template-field" : `new-chat-${name}`);
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } });
const send = () => fireEvent.click(screen.getByTestId("new-chat-send"));
const problemOf = (name: string) => {
  const described = field(name).getAttribute("aria-describedby") ?? "";
  return described
    .split(" ")
    .map((id) => document.getElementById(id)?.textContent)
    .join(" ");
};
const labelOf = (name: string) => field(name).getAttribute("aria-labelledby")?.split(" ")[0] ?? "";
const keys = () => startChat.mock.calls.map(([body]) => body.client_key);

async function choose(name: string) {
  fireEvent.click(await screen.findByTestId("template-field"));
  fireEvent.change(await screen.findByTestId("finder-search"), { target: { value: name } });
  fireEvent.keyDown(screen.getByTestId("finder-search"), { key: "Enter" });
}

async function filled() {
  open();
  type("name", "Sônia");
  type("phone", "11 98123-4567");
  await choose("promo");
}

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
  for (const mock of [startChat, templates, lookup, upload]) mock.mockReset();
  URL.createObjectURL = () => "blob:foto";
  close.mockReset();
  openChat.mockReset();
  templates.mockResolvedValue({ account: "1", templates: [ORDER, SALE, PICTURE, FILM] });
  startChat.mockResolvedValue({ chat_id: "new", chat: aChat("new") });
});
afterEach(cleanup);

describe("NEW-5: the page's own words", () => {
  it("are its labels", async () => {
    open();
    for (const words of ["Nome do cliente", "Número do cliente", "Abrir conversa?"]) {
      expect(screen.getAllByText(words, { exact: false }).length).toBeGreaterThan(0);
    }
    expect(screen.getByText("Novo Contato")).toBeTruthy();
    expect(screen.getByRole("group", { name: "Número estrangeiro" })).toBeTruthy();
    await choose("pedido");
    expect(screen.getByTestId("template-field").textContent).toBe("pedido (Utilidade)");
    await choose("promo");
    expect(screen.getByTestId("template-field").textContent).toBe("promo (Marketing)");
    expect(document.getElementById(labelOf("template"))?.textContent).toContain("Mensagem");
  });
});

describe("NEW-1", () => {
  it("says beside each field what is missing, and sends nothing", async () => {
    open();
    await screen.findByTestId("template-field");
    send();
    expect(problemOf("name")).toContain("Escreva o nome do cliente.");
    expect(problemOf("phone")).toContain("Escreva o número do cliente.");
    expect(problemOf("template")).toContain("Escolha a mensagem que será enviada.");
    expect(startChat).not.toHaveBeenCalled();
  });

  it("previews the template with its variables filled, and wants each of them", async () => {
    open();
    type("name", "Sônia");
    type("phone", "11 98123-4567");
    await choose("pedido");
    expect(screen.getByTestId("template-preview").textContent).toContain("Pedido {{numero}}");
    type("value-header.numero", "77");
    send();
    expect(problemOf("value-body.nome")).toContain("Preencha esta variável.");
    type("value-body.nome", "Sônia");
    expect(screen.getByTestId("template-preview").textContent).toContain(
      "Pedido 77Oi, Sônia! Chega em breve.Loja",
    );
    send();
    await waitFor(() => expect(openChat).toHaveBeenCalledWith("new"));
    expect(startChat.mock.calls[0]?.[0]).toMatchObject({
      name: "Sônia",
      phone: "11 98123-4567",
      foreign: false,
      open: true,
      template: {
        name: "pedido",
        language: "pt_BR",
        values: { "header.numero": "77", "body.nome": "Sônia" },
      },
    });
    expect(close).toHaveBeenCalledOnce();
  });

  it("says what a send costs to the number that is typed now (SEND-2)", async () => {
    const priced = (amount: string, country: string) => ({
      ...SALE,
      price: {
        amount,
        currency: "USD",
        country,
        since: "2026-10-01",
        read: "2026-11-26",
        source: "https://copias.example/tabela",
      },
    });
    const of: Record<string, Template> = {
      "5511981234567": priced("0.0625", "BR"),
      "56961234567": priced("0.02", "CL"),
      "351912345678": SALE,
    };
    templates.mockImplementation(async ({ phone }) => ({
      account: "1",
      templates: [of[phone ?? ""] ?? SALE],
    }));
    await filled();
    expect((await screen.findByTestId("template-price")).textContent).toMatch(/US\$\s0,0625 /);
    fireEvent.click(screen.getByTestId("new-chat-foreign-yes"));
    type("phone", "+56 9 6123 4567");
    expect(screen.queryByTestId("template-price")).toBeNull();
    expect((await screen.findByTestId("template-price")).textContent).toMatch(/US\$\s0,02 /);
    type("phone", "+351 912 345 678");
    expect(await screen.findByText(/não conhecido para este país/)).toBeTruthy();
    expect(screen.queryByTestId("template-price")).toBeNull();
  });

  describe("a file at the top", () => {
    const uploaded: (() => void)[] = [];
    const give = () =>
      fireEvent.change(field("value-header.file"), {
        target: { files: [new File(["x"], "foto.png", { type: "image/png" })] },
      });
    beforeEach(async () => {
      uploaded.length = 0;
      upload.mockImplementation(
        () =>
          new Promise((resolve) =>
            uploaded.push(() =>
              resolve({ key: "uploads/foto", url: "https://s3", fields: {}, limit: 9 }),
            ),
          ),
      );
      await filled();
      await choose("foto");
    });

    it("is uploaded while other values are typed, which stay", async () => {
      give();
      await screen.findByText(/Enviando…/);
      type("value-body.nome", "Sônia");
      uploaded[0]?.();
      await waitFor(() => expect(screen.queryByText(/Enviando…/)).toBeNull());
      expect(field("value-body.nome").value).toBe("Sônia");
      send();
      await waitFor(() => expect(startChat).toHaveBeenCalledOnce());
      expect(startChat.mock.calls[0]?.[0].template.values).toEqual({
        "header.file": "uploads/foto",
        "body.nome": "Sônia",
      });
    });

    it.each([
      ["there", true],
      ["on its way", false],
    ])("that is %s when another template is chosen is not that one's", async (_, there) => {
      give();
      await screen.findByText(/Enviando…/);
      type("value-body.nome", "Sônia");
      if (there) {
        uploaded[0]?.();
        await screen.findByText("Trocar arquivo");
      }
      await choose("filme");
      uploaded[0]?.();
      expect(await screen.findByText("Escolher arquivo")).toBeTruthy();
      await new Promise((resolve) => setTimeout(resolve));
      send();
      await screen.findByText("Escolha o arquivo que vai no topo da mensagem.");
      expect(startChat).not.toHaveBeenCalled();
    });
  });

  it("sends once however often it is clicked (SEND-12)", async () => {
    await filled();
    startChat.mockReturnValue(new Promise(() => {}));
    send();
    send();
    send();
    expect(startChat).toHaveBeenCalledOnce();
  });

  it.each([
    [false, "phone_invalid", "Confira o DDD"],
    [true, "phone_invalid", "Confira o prefixo do país"],
    [true, "phone_needs_country", "Coloque o prefixo do país"],
  ])("foreign %s, %s: said beside the number", async (foreign, reason, words) => {
    await filled();
    if (foreign) fireEvent.click(screen.getByTestId("new-chat-foreign-yes"));
    const refused = new Refused(400, "invalid", { fields: [{ path: "phone", reason }] });
    startChat.mockRejectedValueOnce(refused);
    send();
    await waitFor(() => expect(problemOf("phone")).toContain(words));
    type("phone", "1");
    expect(problemOf("phone")).not.toContain(words);
  });

  it("says beside a variable that Meta would not take it", async () => {
    open();
    type("name", "Sônia");
    type("phone", "11 98123-4567");
    await choose("pedido");
    type("value-header.numero", "7");
    type("value-body.nome", "a      b");
    startChat.mockRejectedValueOnce(
      new Refused(400, "invalid", {
        fields: [{ path: "values.body.nome", reason: "unsendable" }],
      }),
    );
    send();
    await waitFor(() => expect(problemOf("value-body.nome")).toContain("quebra de linha"));
  });

  it("has a new key after a refusal, and the same one after silence", async () => {
    await filled();
    startChat.mockRejectedValueOnce(new Unreachable(null));
    send();
    await screen.findByTestId("new-chat-failure");
    startChat.mockRejectedValueOnce(new Refused(409, "contact_blocked", {}));
    send();
    await screen.findByText(/Contato bloqueado/);
    send();
    await waitFor(() => expect(openChat).toHaveBeenCalled());
    const [first, second, third] = keys();
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("drops a template that went, says so, and offers those that are there now", async () => {
    await filled();
    startChat.mockRejectedValueOnce(new Refused(409, "template_gone", {}));
    templates.mockResolvedValue({ account: "1", templates: [ORDER] });
    send();
    await waitFor(() =>
      expect(problemOf("template")).toContain("não está mais aprovada na Meta. Nada foi enviado"),
    );
    expect(screen.queryByTestId("template-preview")).toBeNull();
    await choose("promo");
    expect(screen.getByText("Nenhuma mensagem template encontrada.")).toBeTruthy();
    expect(screen.queryByTestId("template-preview")).toBeNull();
    expect(field("name").value).toBe("Sônia");
  });

  it("says so when the chat it made is in none of the viewer's lists (NEW-3)", async () => {
    await filled();
    startChat.mockResolvedValue({ chat_id: "new", chat: null });
    send();
    expect(await screen.findByText("Mensagem enviada")).toBeTruthy();
    expect(openChat).not.toHaveBeenCalled();
  });

  it("says why templates could not be had", async () => {
    templates.mockRejectedValue(new Refused(409, "channel_unavailable", {}));
    open();
    const said = await screen.findByTestId("templates-failed");
    expect(said.textContent).toContain("A Meta recusou o acesso");
  });
});

describe("NEW-2: «Conversa já existente»", () => {
  it("with the name and the way to it, for those who may read it", async () => {
    await filled();
    startChat.mockRejectedValueOnce(
      new Refused(409, "chat_exists", { chat_id: "old", name: "Sônia P." }),
    );
    send();
    const said = await screen.findByTestId("new-chat-exists");
    expect(said.textContent).toContain("Conversa já existente");
    expect(said.textContent).toContain("Sônia P.");
    fireEvent.click(screen.getByTestId("new-chat-open-existing"));
    expect(openChat).toHaveBeenCalledWith("old");
  });

  it("without either, for the others", async () => {
    await filled();
    startChat.mockRejectedValueOnce(new Refused(409, "chat_exists", { chat_id: null, name: null }));
    send();
    expect((await screen.findByTestId("new-chat-exists")).textContent).toContain(
      "Conversa já existente",
    );
    expect(screen.queryByTestId("new-chat-open-existing")).toBeNull();
  });
});

const newChat = vi.fn();

function Linked() {
  useDeepLink({ openChat, newChat });
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}

describe("NEW-4: the deep link", () => {
  const follow = (address: string) =>
    render(
      <MemoryRouter initialEntries={[address]}>
        <Linked />
      </MemoryRouter>,
    );
  const looked = (found: Lookup["found"], chat_id: string | null = null): Lookup => ({
    found,
    phone: "5511981234567",
    chat_id,
    name: null,
  });
  beforeEach(() => newChat.mockReset());

  it.each<[string, Lookup, () => void]>([
    ["opens the chat", looked("readable", "a"), () => expect(openChat).toHaveBeenCalledWith("a")],
    [
      "fills «Novo chat» in",
      looked("none"),
      () => expect(newChat).toHaveBeenCalledWith("5511981234567", false),
    ],
    [
      "says that it is somebody's whose chat is hidden",
      looked("hidden"),
      () => expect(newChat).toHaveBeenCalledWith("5511981234567", true),
    ],
  ])("%s, and leaves the address", async (_, answer, check) => {
    lookup.mockResolvedValue(answer);
    follow("/chats?tab=mine&target_phone=11981234567&unread=true");
    await waitFor(check);
    expect(lookup).toHaveBeenCalledExactlyOnceWith("11981234567");
    expect(screen.getByTestId("address").textContent).toBe("/chats?tab=mine&unread=true");
  });

  it("begins the window with the number as people write it", () => {
    expect(typedOf("5511981234567")).toEqual({ phone: "11 98123-4567", foreign: false });
    expect(typedOf("14155550123")).toEqual({ phone: "+14155550123", foreign: true });
    expect(typedOf("11 9812")).toEqual({ phone: "11 9812", foreign: false });
    expect(typedOf("11181234567")).toEqual({ phone: "+11181234567", foreign: true });
    expect(typedOf("351912345678")).toEqual({ phone: "+351912345678", foreign: true });
    open({ phone: "5511981234567", hidden: true });
    expect(field("phone").value).toBe("11 98123-4567");
    expect(screen.getByTestId("new-chat-exists").textContent).toContain("Conversa já existente");
  });
});

it.each([
  ["11 98123-4567", false, "5511981234567"],
  ["(011) 8123-4567", false, "551181234567"],
  ["+55 11 98123 4567", false, "5511981234567"],
  ["98123-4567", false, null],
  ["letras", false, null],
  ["+1 415 555 0123", true, "14155550123"],
  ["001 415 555 0123", true, "14155550123"],
])("«%s», foreign %s, is shown as %s while it is typed", (typed, foreign, shown) => {
  expect(internationalOf(typed, foreign)).toBe(shown);
});
