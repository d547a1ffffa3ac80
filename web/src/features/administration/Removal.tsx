/** Deleting one thing: asked once; a refusal says what still uses it. */

import { useTranslation } from "react-i18next";
import { Confirm } from "~/components/Confirm";
import { useRefusal } from "./refusals";

interface RemovalProps {
  question: string;
  children: string;
  remove: () => Promise<unknown>;
  close: () => void;
}

export function Removal({ question, children, remove, close }: RemovalProps) {
  const { t: words } = useTranslation("administration");
  const refusal = useRefusal();
  return (
    <Confirm
      question={question}
      yes={words("form.remove")}
      danger
      act={remove}
      close={close}
      failure={refusal}
      testId="confirm-remove"
    >
      {children}
    </Confirm>
  );
}
