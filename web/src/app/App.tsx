/** The page from its first moment: configuration, login, desk. */

import { MantineProvider } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import {
  Component,
  type ComponentType,
  Fragment,
  type ReactNode,
  Suspense,
  useEffect,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { BrowserRouter, Navigate, Route, Routes, useLocation } from "react-router";
import { Icon } from "~/components/Icon";
import { later } from "~/components/later";
import { Notice } from "~/components/Notice";
import { TARGET } from "~/features/newChat/target";
import { forgetShelf, SHELF } from "~/features/offline/deskShelf";
import { PAGES, PROFILE } from "~/features/topbar/pages";
import { i18next } from "~/i18n";
import { provideTokens } from "~/lib/api/http";
import { type Config, loadConfig } from "~/lib/config";
import { setTimeZone } from "~/lib/time";
import { theme } from "./theme";

const deskPage = import("./DeskPage");
const DeskPage = later(() => deskPage.catch(() => import("./DeskPage")));
const AdministrationPage = later(() => import("./AdministrationPage"));
const Login = later(() => import("~/features/auth/Login"));
const session = import("~/lib/tokens");
const PWA_AFTER_MS = 4_000;
/** Nothing of it is on the first screen; without it the page is as good as before. */
const Pwa = later<ComponentType>(async () => {
  await new Promise((resolve) => setTimeout(resolve, PWA_AFTER_MS));
  return import("~/features/pwa/Pwa").catch(() => ({ default: Fragment }));
});

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      // What the browser believes of its network is a hint: asking says it, and whoever waits is told.
      networkMode: "always",
      refetchOnReconnect: true,
    },
    mutations: { networkMode: "always" },
  },
});

export function App() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Crash>
        <QueryClientProvider client={queries}>
          <BrowserRouter useTransitions={false}>
            <Configured />
          </BrowserRouter>
        </QueryClientProvider>
      </Crash>
    </MantineProvider>
  );
}

function Configured() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ["config"],
    queryFn: async () => {
      const config = await loadConfig();
      setTimeZone(config.time_zone);
      const { configureLogin, isLoggedIn } = await session;
      configureLogin(config.login);
      return { config, entered: await isLoggedIn() };
    },
    retry: 2,
  });
  if (data) return <Entered config={data.config} entered={data.entered} />;
  if (!error) return null;
  return (
    <Notice
      alert
      icon={<Icon of={IconPlugConnectedX} size={26} />}
      title={t("app.unreachableTitle")}
      action={{ label: t("app.retry"), act: () => void refetch() }}
    >
      {t("app.unreachable")}
    </Notice>
  );
}

type Entry = "in" | "out" | "ended";

/** Desk or login, over the same URL, so that who comes back is where they were (PERM-3). */
function Entered({ config, entered }: { config: Config; entered: boolean }) {
  const [entry, setEntry] = useState<Entry | null>(null);
  const { pathname, search } = useLocation();
  useEffect(() => {
    void session.then(({ tokens }) => {
      provideTokens(tokens, () => {
        forgetShelf();
        queries.removeQueries({ queryKey: SHELF });
        setEntry("ended");
      });
      setEntry(entered ? "in" : "out");
    });
  }, [entered]);
  if (entry === null) return null;
  if (entry !== "in") {
    return (
      <Suspense>
        <Login
          agency={config.agency}
          ended={entry === "ended"}
          entered={() => {
            queries.removeQueries({ queryKey: ["me"] });
            setEntry("in");
          }}
        />
      </Suspense>
    );
  }
  const leave = () => {
    void session.then(async ({ logOut }) => {
      // As long as there is a token: this device is told nothing any more.
      await import("~/features/pwa/push").then((push) => push.leave()).catch(() => {});
      await logOut();
      forgetShelf();
      // What one person has seen is not there for the next.
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "config" });
      setEntry("out");
    });
  };
  // A link to a contact leads to the chats from anywhere (NEW-4).
  if (!pathname.startsWith("/chats") && new URLSearchParams(search).has(TARGET)) {
    return <Navigate to={{ pathname: "/chats", search }} replace />;
  }
  const desk = (
    <Suspense>
      <DeskPage logOut={leave} />
    </Suspense>
  );
  const administration = (
    <Suspense>
      <AdministrationPage logOut={leave} />
    </Suspense>
  );
  return (
    <>
      <Routes>
        <Route path="/chats/:chatId?" element={desk} />
        {[...PAGES.map((page) => page.path), PROFILE].map((path) => (
          <Route key={path} path={path} element={administration} />
        ))}
        <Route path="*" element={<Navigate to="/chats" replace />} />
      </Routes>
      <Suspense>
        <Pwa />
      </Suspense>
    </>
  );
}

/** The last net: a fault in drawing never leaves a white page. */
class Crash extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <Notice
        alert
        icon={<Icon of={IconPlugConnectedX} size={26} />}
        title={i18next.t("app.crashTitle")}
        action={{ label: i18next.t("app.reload"), act: () => window.location.reload() }}
      >
        {i18next.t("app.crash")}
      </Notice>
    );
  }
}
