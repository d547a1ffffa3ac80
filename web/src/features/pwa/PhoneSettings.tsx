/** «Notificações no celular»: this device's switch, and the agent's devices (NOTIF-4, NOTIF-8). */

import "@mantine/core/styles/Switch.css";
import { Switch } from "@mantine/core";
import { IconDeviceMobile, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bone } from "~/components/Bone";
import { Icon } from "~/components/Icon";
import { IconButton } from "~/components/IconButton";
import { Remark } from "~/components/Remark";
import { useWhy } from "~/components/useWhy";
import { useFocusBack, Window } from "~/components/Window";
import { doors } from "~/lib/api/doors";
import { LoggedOut, Refused } from "~/lib/api/http";
import type { PushDevices } from "~/lib/api/types";
import { pushDevice } from "~/lib/pushDevice";
import { fullTime } from "~/lib/time";
import styles from "./Pwa.module.css";
import type { Standing } from "./standing";
import { DEVICES, useMoved, useStanding } from "./useStanding";
import { useSwitch } from "./useSwitch";
import { WayBack } from "./WayBack";
import "./words";

interface PhoneSettingsProps {
  agent: string;
  close: () => void;
}

export default function PhoneSettings({ agent, close }: PhoneSettingsProps) {
  const { t } = useTranslation("phone");
  useFocusBack();
  return (
    <Window title={t("menu")} close={close} testId="phone-settings">
      <Here agent={agent} />
      <Devices agent={agent} />
    </Window>
  );
}

function Here({ agent }: { agent: string }) {
  const { t } = useTranslation("phone");
  const { data: standing } = useStanding(agent);
  const { busy, failure, turn } = useSwitch(agent);
  const able = standing === "on" || standing === "off";
  return (
    <section className={styles.here} aria-labelledby="push-here">
      <h3 id="push-here" className={styles.heading}>
        {t("settings.here")}
      </h3>
      {standing === undefined ? (
        <Bone width="70%" height={22} />
      ) : able ? (
        <Switch
          label={t("settings.switch")}
          description={t(`settings.${standing}`)}
          checked={standing === "on"}
          disabled={busy}
          onChange={({ currentTarget }) => void turn(currentTarget.checked)}
          data-testid="push-switch"
        />
      ) : (
        <Unable standing={standing} />
      )}
      {failure ? <Remark tone="danger">{failure}</Remark> : null}
    </section>
  );
}

function Unable({ standing }: { standing: Exclude<Standing, "on" | "off"> }) {
  const { t } = useTranslation("phone");
  if (standing === "unsupported") return <Remark>{t("settings.unsupported")}</Remark>;
  if (standing === "install_first") {
    return (
      <Remark testId="push-install-first">
        <p>{t("settings.installFirst")}</p>
        <p>{t("installing.share")}</p>
        <p>{t("installing.add")}</p>
      </Remark>
    );
  }
  return (
    <Remark tone="warning" testId="push-blocked">
      <p>{t("denied.title")}.</p>
      <WayBack />
    </Remark>
  );
}

type Device = PushDevices["devices"][number];

function Devices({ agent }: { agent: string }) {
  const { t } = useTranslation("phone");
  const { t: common } = useTranslation();
  const { data, isError, refetch } = useQuery({
    queryKey: DEVICES,
    queryFn: async () => {
      const [{ devices }, here] = await Promise.all([
        doors.pushDevices(),
        pushDevice().catch(() => undefined),
      ]);
      return { devices, here: here?.agent === agent ? here.device_id : null };
    },
    staleTime: 0,
    gcTime: 0,
    retry: (failures, error) =>
      failures < 2 && !(error instanceof LoggedOut || (error instanceof Refused && !error.passing)),
  });
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section className={styles.devices} aria-labelledby="push-devices">
      <h3 id="push-devices" ref={heading} tabIndex={-1} className={styles.heading}>
        {t("settings.devices")}
      </h3>
      {data && data.devices.length > 0 ? (
        <ul className={styles.list}>
          {data.devices.map((device) => (
            <One
              key={device.device_id}
              agent={agent}
              device={device}
              here={device.device_id === data.here}
              removed={() => heading.current?.focus()}
            />
          ))}
        </ul>
      ) : data ? (
        <div className={styles.empty} data-testid="push-devices-empty">
          <Icon of={IconDeviceMobile} size={26} />
          <p className={styles.emptyTitle}>{t("settings.empty")}</p>
          <p>{t("settings.emptyHint")}</p>
        </div>
      ) : isError ? (
        <Remark tone="danger" action={{ label: common("app.retry"), act: () => void refetch() }}>
          {t("settings.loadFailed")}
        </Remark>
      ) : (
        <div className={styles.list} role="status" aria-label={t("settings.loading")}>
          {["45%", "55%"].map((width) => (
            <div key={width} className={styles.device}>
              <div className={styles.names}>
                <Bone width={width} height={16} />
                <Bone width="30%" />
              </div>
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

interface OneProps {
  agent: string;
  device: Device;
  here: boolean;
  removed: () => void;
}

function One({ agent, device, here, removed }: OneProps) {
  const { t } = useTranslation("phone");
  const why = useWhy();
  const moved = useMoved();
  const { turn } = useSwitch(agent);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const remove = async () => {
    setBusy(true);
    setFailed(null);
    try {
      if (here) await turn(false);
      else await doors.removePush(device.device_id);
      moved();
      removed();
    } catch (error) {
      setFailed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className={styles.device} data-testid="push-device" data-here={here}>
      <Icon of={IconDeviceMobile} size={20} />
      <div className={styles.names}>
        <p className={styles.name} dir="auto">
          {device.label}
          {here ? <span className={styles.tag}>{t("settings.thisOne")}</span> : null}
        </p>
        <time className={styles.soft} dateTime={device.since}>
          {t("settings.since", { at: fullTime(device.since) })}
        </time>
        {failed ? (
          <Remark tone="danger">{t("settings.removeFailed", { why: why(failed) })}</Remark>
        ) : null}
      </div>
      <IconButton
        label={t("settings.remove", { name: device.label })}
        disabled={busy}
        onClick={() => void remove()}
      >
        <Icon of={IconTrash} />
      </IconButton>
    </li>
  );
}
