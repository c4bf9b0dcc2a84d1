// A modal with a named heading; focus stays inside and goes back where it came from.

import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../i18n.tsx";
import { Button } from "./basics.tsx";

export function Sheet({ title, open, close, children, wide, testid, alert }: {
  title: string; open: boolean; close: () => void; children: ReactNode; wide?: boolean;
  testid?: string; alert?: boolean;
}) {
  const { t } = useWords();
  return (
    <ModalOverlay
      isOpen={open} onOpenChange={(now) => !now && close()} isDismissable={!alert}
      className="overlay"
    >
      <Modal className={`modal ${wide ? "wide" : ""}`}>
        <Dialog role={alert ? "alertdialog" : "dialog"} className="dialog" data-testid={testid}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button look="quiet" icon="cross" iconOnly label={t("close")} onPress={close} />
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
