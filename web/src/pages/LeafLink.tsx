import { Link } from 'react-router';
import { useMay } from '../api/ApiContext';
import { useText } from '../text/TextProvider';

/** A leaf of the ledger's tree: what has no sequence number is proven by it. */
export function LeafLink({ index }: { readonly index: string }) {
  const { t, number } = useText();
  const may = useMay();
  const text = t('clause.leaf', { index: number(index) });
  return may('evidence.read') ? <Link to={`/audit/leaves/${index}`}>{text}</Link> : <>{text}</>;
}
