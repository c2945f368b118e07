import { Link } from 'react-router';
import { useMay } from '../api/ApiContext';
import { useText } from '../text/TextProvider';

/** A place in the ledger. Who may read entries gets there by it; everybody else sees its number. */
export function EntryLink({ seq }: { readonly seq: string }) {
  const { t, number } = useText();
  const may = useMay();
  const text = t('clause.seq', { seq: number(seq) });
  return may('log.read') ? <Link to={`/logs/events/${seq}`}>{text}</Link> : <>{text}</>;
}
