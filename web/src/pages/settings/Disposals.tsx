import { useState } from 'react';
import { useDisposals } from '../../api/retention-queries';
import { Button } from '../../parts/Button';
import { Loaded } from '../../parts/Loaded';
import { Empty } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { DisposalDialog } from './DisposalDialog';
import { DisposalDays, DisposalMark } from './disposal-state';

/** Applications to destroy, newest first; each opens to its decision and its outcome. */
export function Disposals() {
  const { t, local, number } = useText();
  const disposals = useDisposals();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Loaded query={disposals}>
      {(data) => {
        const all = data.pages.flatMap((page) => page.disposals);
        const shown = all.find((one) => one.id === open);
        if (all.length === 0) return <Empty>{t('disposals.empty')}</Empty>;
        return (
          <>
            <SmallTable
              caption={t('disposals.title')} hideCaption rows={all} rowId={(one) => one.id}
              columns={[
                { id: 'state', header: t('disposal.state'), cell: (one) => <DisposalMark state={one.state} /> },
                { id: 'what', header: t('disposal.what'), heading: true, cell: (one) => local(one.title) },
                { id: 'days', header: t('disposal.days'), cell: (one) => <DisposalDays disposal={one} /> },
                { id: 'events', header: t('retention.events'), align: 'end', cell: (one) => number(one.events) },
                { id: 'by', header: t('disposal.by'), cell: (one) => one.requested_by.name },
                { id: 'at', header: t('disposal.at'), cell: (one) => <Time at={one.requested_at} /> },
                { id: 'open', header: t('disposal.open'), cell: (one) => <Button small onClick={() => { setOpen(one.id); }}>{t('disposal.open')}</Button> },
              ]}
            />
            {disposals.hasNextPage && (
              <div className="d-actions">
                <Button busy={disposals.isFetchingNextPage} onClick={() => void disposals.fetchNextPage()}>{t('disposals.more')}</Button>
              </div>
            )}
            {shown && <DisposalDialog key={shown.version} disposal={shown} onClose={() => { setOpen(null); }} />}
          </>
        );
      }}
    </Loaded>
  );
}
