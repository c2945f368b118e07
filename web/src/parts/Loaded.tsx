import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '../text/TextProvider';
import { Button } from './Button';
import { ProblemNotice } from './ProblemNotice';

interface Props<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
  /** Height of what will come, in lines, so that the page does not jump. */
  readonly lines?: number;
}

/** Draws what a query brought; before that its outline, and when it failed why and what to do. */
export function Loaded<Data>({ query, children, lines = 4 }: Props<Data>) {
  const { t } = useText();
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && <Retry query={query} />}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) return <Retry query={query} />;
  return (
    <div className="d-skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, line) => <span key={line} />)}
    </div>
  );
}

function Retry({ query }: { readonly query: UseQueryResult }) {
  const { t } = useText();
  return (
    <ProblemNotice
      error={query.error} reading
      action={<Button small busy={query.isFetching} onClick={() => void query.refetch()}>{t('retry')}</Button>}
    />
  );
}
