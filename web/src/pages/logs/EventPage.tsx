import { useParams } from 'react-router';
import { Page, Panel } from '../../parts/Page';
import { useText } from '../../text/TextProvider';
import { EventDetail } from './EventDetail';

const seqPattern = /^(0|[1-9][0-9]{0,19})$/;

/** One event by its place in the ledger: where evidence links lead. */
export function EventPage() {
  const { seq = '' } = useParams();
  const { t, number } = useText();
  if (!seqPattern.test(seq)) return <Page title={t('event.notSeq')}>{null}</Page>;
  return (
    <Page title={t('event.title', { seq: number(seq) })} lead={t('event.lead')}>
      <Panel title={t('event.content')}><EventDetail key={seq} seq={seq} /></Panel>
    </Page>
  );
}
