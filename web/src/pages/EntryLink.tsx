import { Link } from 'react-router';
import { useMay } from '../api/ApiContext';
import { useText } from '../text/TextProvider';

interface Props {
  readonly seq: string;
  /** An entry of daicho itself, which is evidence: more people may read it than logs. */
  readonly own?: boolean;
}

/** A place in the ledger. Who may read the entry gets there by it; everybody else sees its number. */
export function EntryLink({ seq, own }: Props) {
  const { t, number } = useText();
  const may = useMay();
  const text = t('clause.seq', { seq: number(seq) });
  return may('log.read') || (own && may('evidence.read')) ? <Link to={`/logs/events/${seq}`}>{text}</Link> : <>{text}</>;
}
