/** The field that a table is searched by. */

import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Icon } from "./Icon";

interface SearchBoxProps {
  label: string;
  value: string;
  change: (value: string) => void;
  className?: string | undefined;
}

export function SearchBox({ label, value, change, className }: SearchBoxProps) {
  const { t: words } = useTranslation("administration");
  return (
    <TextInput
      type="search"
      className={className}
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={100}
      leftSection={<Icon of={IconSearch} size={16} />}
      rightSection={
        value ? (
          <CloseButton
            size="sm"
            aria-label={words("table.clearSearch")}
            onClick={() => change("")}
          />
        ) : null
      }
      onChange={(event) => change(event.currentTarget.value)}
      data-testid="table-search"
    />
  );
}
