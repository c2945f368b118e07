import type { Schemas } from '../../api/problem';
import { Button } from '../../parts/Button';
import { Code } from '../../parts/Copy';
import { MessageDialog } from '../../parts/Dialog';
import { Notice } from '../../parts/Notice';
import { Pairs } from '../../parts/Page';
import { Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';

interface Props {
  readonly issued: Schemas['PersonIssued'];
  readonly onClose: () => void;
}

/** The only moment at which a one-time password can be seen. */
export function IssuedDialog({ issued, onClose }: Props) {
  const { t } = useText();
  return (
    <MessageDialog title={t('issued.title')} open onClose={onClose}>
      <div className="d-print-only-me">
        <Notice level="warning"><p><strong>{t('issued.once')}</strong></p></Notice>
        <Pairs
          pairs={[
            { term: t('person.name'), value: issued.person.display_name },
            { term: t('signin.login'), value: <span className="d-mono">{issued.person.login}</span> },
            { term: t('issued.until'), value: <Time at={issued.expires_at} /> },
          ]}
        />
        <Code label={t('issued.password')} text={issued.one_time_password} copyLabel={t('copy')} />
        <p>{t('issued.next')}</p>
      </div>
      <div className="d-actions"><Button icon="print" onClick={() => { window.print(); }}>{t('print')}</Button></div>
    </MessageDialog>
  );
}
