/** What a send is expected to cost, from a dated table (SEND-2). */

import { useTranslation } from "react-i18next";
import type { Template } from "~/lib/api/types";
import styles from "./Templates.module.css";
import { type Recipient, useTemplates } from "./useTemplates";
import { idOf } from "./variables";

/** The price is the recipient's, who may have become another since the template was chosen. */
export function PriceLine({ template, recipient }: { template: Template; recipient: Recipient }) {
  const { t: words } = useTranslation("templates");
  const { data, isPlaceholderData } = useTemplates(recipient);
  if (!data || isPlaceholderData) return null;
  const price = data.templates.find((one) => idOf(one) === idOf(template))?.price ?? null;
  if (price === null) return <p className={styles.price}>{words("noPrice")}</p>;
  const amount = new Intl.NumberFormat("pt-BR", {
    style: "currency",
    currency: price.currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(Number(price.amount));
  const day = (iso: string) => iso.split("-").reverse().join("/");
  const source = new URL(price.source).hostname;
  const hint = words("priceHint", { since: day(price.since), read: day(price.read), source });
  return (
    <p className={styles.price} title={hint} data-testid="template-price">
      {words("price", { amount })}
      <span className="hidden"> {hint}</span>
    </p>
  );
}
