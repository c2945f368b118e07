import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schemas } from '../../api/problem';
import { usePacks } from '../../api/queries';
import { Button } from '../../parts/Button';
import { formatBytes } from '../../parts/bytes';
import { Code } from '../../parts/Copy';
import { Loaded } from '../../parts/Loaded';
import { Empty, Page, Panel } from '../../parts/Page';
import { SmallTable } from '../../parts/SmallTable';
import { Day, Time } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { ClauseLinks } from '../ClauseLinks';
import { JobView } from './JobView';
import { PackDialog } from './PackDialog';

export function PacksPage() {
  const { t } = useText();
  const queries = useQueryClient();
  const packs = usePacks();
  const [asking, setAsking] = useState(false);
  const [job, setJob] = useState<string | null>(null);
  return (
    <Page
      title={t('packs.title')} lead={t('packs.lead')}
      actions={<Button kind="primary" icon="pack" onClick={() => { setAsking(true); }}>{t('packs.make')}</Button>}
    >
      {job !== null && (
        <JobView
          key={job} id={job} onEnd={() => void queries.invalidateQueries({ queryKey: ['packs'] })}
          done={(ended) => <p><strong>{t('packs.done')}</strong> {ended.result_id !== null && <Download id={ended.result_id} />}</p>}
        />
      )}
      <Panel title={t('packs.list')}>
        <Loaded query={packs}>
          {(data) => (data.packs.length === 0 ? <Empty>{t('packs.empty')}</Empty> : <PackTable packs={data.packs} />)}
        </Loaded>
      </Panel>
      <Panel title={t('packs.verify')} lead={t('packs.verifyLead')}>
        <Code label={t('packs.command')} text={`daicho-verify ${packs.data?.packs[0]?.file_name ?? 'pack.zip'}`} copyLabel={t('copy')} />
      </Panel>
      {asking && <PackDialog onClose={() => { setAsking(false); }} onStarted={(id) => { setJob(id); setAsking(false); }} />}
    </Page>
  );
}

function Download({ id }: { readonly id: string }) {
  const { t } = useText();
  return <a className="d-nowrap" href={`/api/v1/packs/${encodeURIComponent(id)}/download`} download>{t('packs.download')}</a>;
}

function PackTable({ packs }: { readonly packs: readonly Schemas['Pack'][] }) {
  const { t } = useText();
  return (
    <SmallTable
      caption={t('packs.list')} hideCaption rows={packs} rowId={(pack) => pack.id}
      columns={[
        { id: 'made', header: t('packs.made'), cell: (pack) => <Time at={pack.created_at} /> },
        { id: 'clauses', header: t('home.clauses'), heading: true, cell: (pack) => <ClauseLinks ids={pack.clauses} /> },
        { id: 'period', header: t('packs.period'), cell: (pack) => <><Day iso={pack.from} /> – <Day iso={pack.to} /></> },
        { id: 'size', header: t('exports.size'), align: 'end', cell: (pack) => <span className="d-nowrap">{formatBytes(pack.bytes)}</span> },
        { id: 'digest', header: t('exports.digest'), cell: (pack) => <span className="d-mono d-break">{pack.digest}</span> },
        { id: 'until', header: t('packs.until'), cell: (pack) => <Time at={pack.expires_at} /> },
        { id: 'get', header: t('packs.file'), cell: (pack) => <Download id={pack.id} /> },
      ]}
    />
  );
}
