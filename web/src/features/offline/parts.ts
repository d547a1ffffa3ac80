/** What is said without a connection, where the first screen may have to say it. */

import { type ComponentType, lazy, type ReactNode } from "react";
import type Told from "./AsItWas";
import type Needs from "./NeedsConnection";

type Like<T extends (props: never) => ReactNode> = ComponentType<Parameters<T>[0]>;

/** Without a network not even this may come: the page stands without it. */
const nothing = { default: () => null };

export const AsItWas = lazy<Like<typeof Told>>(() => import("./AsItWas").catch(() => nothing));
export const NeedsConnection = lazy<Like<typeof Needs>>(() =>
  import("./NeedsConnection").catch(() => nothing),
);
