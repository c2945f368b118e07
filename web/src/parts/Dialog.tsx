import type { ReactNode } from 'react';
import { FormDialog as LibraryFormDialog, MessageDialog as LibraryMessageDialog } from 'smarthr-ui';
import { useText } from '../text/TextProvider';

interface Props {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly size?: 'S' | 'M' | 'L' | 'XL';
}

interface FormProps extends Props {
  readonly action: string;
  readonly onSubmit: () => void;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
}

/** Asks for input or for a confirmation. A click beside it does not close it: typed text would be lost. */
export function FormDialog({ title, open, onClose, children, size = 'M', action, onSubmit, danger, busy = false, disabled = false }: FormProps) {
  const { t } = useText();
  return (
    <LibraryFormDialog
      title={title} isOpen={open} size={size} actionText={action} actionTheme={danger ? 'danger' : 'primary'}
      actionDisabled={disabled || busy} closeDisabled={busy} decorators={{ closeButtonLabel: () => t('dialog.cancel') }}
      onClickClose={onClose} onPressEscape={() => { if (!busy) onClose(); }}
      onSubmit={(_close, event) => {
        event.preventDefault();
        if (!busy && !disabled) onSubmit();
      }}
    >
      <div className="d-stack">{children}</div>
    </LibraryFormDialog>
  );
}

export function MessageDialog({ title, open, onClose, children, size = 'M' }: Props) {
  const { t } = useText();
  return (
    <LibraryMessageDialog
      title={title} isOpen={open} size={size} decorators={{ closeButtonLabel: () => t('dialog.close') }}
      onClickClose={onClose} onPressEscape={onClose}
    >
      <div className="d-stack">{children}</div>
    </LibraryMessageDialog>
  );
}
