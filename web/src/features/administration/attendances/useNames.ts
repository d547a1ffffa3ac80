/** Who opened, closed and attended, by name. */

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { AttendanceView, Me } from "~/lib/api/types";

export interface Names {
  agent: (id: string) => string;
  department: (id: string) => string;
  openedBy: (attendance: AttendanceView) => string;
  closedBy: (attendance: AttendanceView) => string;
}

const MERGE = "merge";

export function useNames(me: Me): Names {
  const { t: words } = useTranslation("administration");
  return useMemo(() => {
    const agents = new Map(me.agents.map((one) => [one.agent_id, one.name]));
    const departments = new Map(me.departments.map((one) => [one.department_id, one.name]));
    const agent = (id: string) => agents.get(id) ?? words("attendances.unknownAgent");
    return {
      agent,
      department: (id) => departments.get(id) ?? words("attendances.unknownDepartment"),
      openedBy: ({ opened_by }) =>
        opened_by === null
          ? words("attendances.byContact")
          : words("attendances.by", { name: agent(opened_by) }),
      closedBy: ({ closed_by }) =>
        closed_by === null
          ? words("attendances.byNobody")
          : closed_by === MERGE
            ? words("attendances.byMerge")
            : words("attendances.by", { name: agent(closed_by) }),
    };
  }, [me, words]);
}
