/** What a contact ordered from the catalogue. */

import { IconShoppingCart } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "~/components/Icon";
import type { Details } from "~/lib/api/types";
import styles from "./Kinds.module.css";

type Lines = NonNullable<Details["order"]>;

function money(amount: number, currency: string | null): string {
  try {
    return amount.toLocaleString("pt-BR", { style: "currency", currency: currency ?? "BRL" });
  } catch {
    return `${currency ?? ""} ${amount.toLocaleString("pt-BR")}`.trim();
  }
}

/** The sum, when every line has a price and all are of one currency. */
function totalOf(lines: Lines): { amount: number; currency: string | null } | null {
  const currency = lines[0]?.currency ?? null;
  let amount = 0;
  for (const line of lines) {
    const price = Number(line.price ?? Number.NaN);
    const quantity = Number(line.quantity ?? 1);
    if (!Number.isFinite(price * quantity) || line.currency !== currency) return null;
    amount += price * quantity;
  }
  return { amount, currency };
}

export function Order({ lines, note }: { lines: Lines; note: string }) {
  const { t } = useTranslation("messages");
  const total = totalOf(lines);
  const said = note.split("\n")[0] ?? "";
  const written = said !== "" && !lines.some(({ product }) => said.includes(product)) ? said : "";
  return (
    <div className={styles.order} data-testid="order">
      <p className={styles.caption}>
        <Icon of={IconShoppingCart} size={16} />
        {t("order.title")} · {t("order.count", { count: lines.length })}
      </p>
      <ul className={styles.orderLines}>
        {lines.map(({ product, quantity, price, currency }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of an order never move
          <li key={index}>
            <bdi dir="auto">{t("order.line", { quantity: quantity ?? "1", product })}</bdi>
            {price !== null && Number.isFinite(Number(price)) ? (
              <span>{money(Number(price), currency)}</span>
            ) : null}
          </li>
        ))}
      </ul>
      {total ? (
        <p className={styles.orderTotal}>
          <span>{t("order.total")}</span>
          <span>{money(total.amount, total.currency)}</span>
        </p>
      ) : null}
      {written ? (
        <p className={styles.note} dir="auto">
          {written}
        </p>
      ) : null}
    </div>
  );
}
