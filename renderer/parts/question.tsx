/** A dialog that stands before the window until it is answered. */
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

export function Question({
  title,
  isOpen,
  onClose,
  isDanger = false,
  children,
  actions,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly isDanger?: boolean;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}): ReactNode {
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={(open) => (open ? undefined : onClose())} isDismissable={!isDanger}>
      <Modal className="question">
        <Dialog role={isDanger ? 'alertdialog' : 'dialog'}>
          <Heading slot="title">{title}</Heading>
          <div className="question-text">{children}</div>
          <div className="question-actions">{actions}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
