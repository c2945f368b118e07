import type { Schemas } from '../../api/problem';
import { useProof } from '../../api/queries';
import { Button } from '../../parts/Button';
import { saveFile } from '../../parts/clipboard';
import { Code } from '../../parts/Copy';
import { Loaded } from '../../parts/Loaded';
import { Mark } from '../../parts/Mark';
import { Notice } from '../../parts/Notice';
import { Pairs } from '../../parts/Page';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';

const plainWords: Record<Schemas['ProofStep']['kind'], UiKey> = {
  bytes_hash_to_commitment: 'proof.step.bytes',
  commitment_in_batch: 'proof.step.batch',
  batch_in_tree: 'proof.step.tree',
  checkpoint_signed: 'proof.step.signed',
  signing_key_certified: 'proof.step.key',
  exported_write_once: 'proof.step.export',
};

/** Each step of the proof in plain words, checked by the server just now, and the proof to take along. */
export function ProofView({ seq }: { readonly seq: string }) {
  const { t, number, sayIfKnown } = useText();
  const proof = useProof(seq, true);
  return (
    <Loaded query={proof} lines={8}>
      {(data) => (
        <>
          <Notice level={data.verified ? 'success' : 'error'}>
            <p><strong>{t(data.verified ? 'proof.verified' : 'proof.failed')}</strong></p>
            <p>{t('proof.contained', { size: number(data.tree_size) })}</p>
          </Notice>
          <ol className="d-steps">
            {data.steps.map((step) => (
              <li key={step.kind}>
                <Mark tone={step.holds ? 'good' : 'bad'} icon={step.holds ? 'check' : 'cross'}>
                  {t(step.holds ? 'proof.holds' : 'proof.broken')}
                </Mark>
                <div>
                  <p>{t(plainWords[step.kind])}</p>
                  <p className="d-faint">{sayIfKnown(step.detail)}</p>
                </div>
              </li>
            ))}
          </ol>
          <Pairs
            pairs={[
              { term: t('proof.leaf'), value: number(data.leaf_index) },
              { term: t('ledger.size'), value: number(data.tree_size) },
              { term: t('ledger.root'), value: <span className="d-mono d-break">{data.root}</span>, wide: true },
            ]}
          />
          <Code label={t('ledger.checkpoint')} text={data.checkpoint} copyLabel={t('copy')} />
          <div className="d-actions">
            <Button icon="download" onClick={() => { saveFile(data.file_name, 'text/plain', data.tlog_proof); }}>{t('proof.download')}</Button>
          </div>
          <p className="d-faint">{t('proof.how')}</p>
        </>
      )}
    </Loaded>
  );
}
