import type { Schemas } from '../api/problem';
import { Button } from '../parts/Button';
import { saveFile } from '../parts/clipboard';
import { Code } from '../parts/Copy';
import { Mark } from '../parts/Mark';
import { Notice } from '../parts/Notice';
import { Pairs } from '../parts/Page';
import type { UiKey } from '../text/catalogues';
import { useText } from '../text/TextProvider';

const plainWords: Record<Schemas['ProofStep']['kind'], UiKey> = {
  bytes_hash_to_commitment: 'proof.step.bytes',
  commitment_in_batch: 'proof.step.batch',
  batch_in_tree: 'proof.step.tree',
  leaf_in_tree: 'proof.step.leaf',
  checkpoint_signed: 'proof.step.signed',
  signing_key_certified: 'proof.step.key',
  exported_write_once: 'proof.step.export',
};

type Proof = Pick<
  Schemas['EventProof'], 'verified' | 'steps' | 'leaf_index' | 'tree_size' | 'root' | 'checkpoint' | 'tlog_proof' | 'file_name'
>;

interface Props {
  readonly proof: Proof;
  /** What it means that every step holds. */
  readonly verified: string;
  readonly contained: string;
}

/** Each step of the proof in plain words, checked by the server just now, and the proof to take along. */
export function ProofView({ proof, verified, contained }: Props) {
  const { t, number, sayIfKnown } = useText();
  return (
    <>
      <Notice level={proof.verified ? 'success' : 'error'}>
        <p><strong>{proof.verified ? verified : t('proof.failed')}</strong></p>
        <p>{contained}</p>
      </Notice>
      <ol className="d-steps">
        {proof.steps.map((step) => (
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
          { term: t('proof.leaf'), value: number(proof.leaf_index) },
          { term: t('ledger.size'), value: number(proof.tree_size) },
          { term: t('ledger.root'), value: <span className="d-mono d-break">{proof.root}</span>, wide: true },
        ]}
      />
      <Code label={t('ledger.checkpoint')} text={proof.checkpoint} copyLabel={t('copy')} />
      <div className="d-actions">
        <Button icon="download" onClick={() => { saveFile(proof.file_name, 'text/plain', proof.tlog_proof); }}>{t('proof.download')}</Button>
      </div>
      <p className="d-faint">{t('proof.how')}</p>
    </>
  );
}
