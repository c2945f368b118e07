import { Link } from 'react-router';
import { clausePath } from './compliance/clause-path';

/** Clauses by their ids. Who may not see the status gets there the page that says so. */
export function ClauseLinks({ ids }: { readonly ids: readonly string[] }) {
  return ids.map((id, n) => (
    <span key={id}>{n > 0 && ', '}<Link className="d-nowrap" to={clausePath(id)}>{id}</Link></span>
  ));
}
