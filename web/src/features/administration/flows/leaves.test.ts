import { describe, expect, it } from "vitest";
import { isPath, leavesOf, MOST_LEAVES, pretty } from "./leaves";

describe("what a webhook's call holds (FLOW-10)", () => {
  it("is told place by place", () => {
    const body = JSON.stringify({
      cliente: { nome: "Bia", vip: true, nada: null },
      itens: [{ nome: "Bolo" }, { nome: "Café", total: 12.5 }],
      "com ponto.e espaço": 1,
    });
    expect(leavesOf(body)).toEqual([
      { path: "cliente.nome", value: "Bia" },
      { path: "cliente.vip", value: "true" },
      { path: "itens.0.nome", value: "Bolo" },
      { path: "itens.1.nome", value: "Café" },
      { path: "itens.1.total", value: "12.5" },
    ]);
  });

  it.each(["", "oi", '{"cortado": "no me', "7"])("of %j there is nothing to choose", (body) => {
    expect(leavesOf(body)).toEqual([]);
    expect(pretty(body)).toBe(body);
  });

  it("is bounded", () => {
    expect(leavesOf(JSON.stringify(Array.from({ length: 5_000 }, () => 1)))).toHaveLength(
      MOST_LEAVES,
    );
  });

  it.each([
    ["telefone", true],
    ["cliente.telefone", true],
    ["itens.0.nome", true],
    ["", false],
    [".a", false],
    ["a..b", false],
    ["a b", false],
  ])("«%s» is a place: %s", (path, is) => {
    expect(isPath(path)).toBe(is);
  });
});
