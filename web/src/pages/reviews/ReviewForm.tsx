import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import { ApiProblem, type Schemas } from '../../api/problem';
import { Button } from '../../parts/Button';
import { FormDialog } from '../../parts/Dialog';
import { Field, RadioGroup, TextArea } from '../../parts/Field';
import { Notice } from '../../parts/Notice';
import { Pairs, Panel } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { TimeSpan } from '../../parts/Time';
import { useDraft } from '../../shell/drafts';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { collectFindings, noNotes, noNote, pointsOf, sections, type Note, type Section, type SignOffRefusal } from './findings';
import { Points } from './Points';
import { RangeText } from './RangeText';
import { sectionTitles } from './section-titles';
import { SectionPanel } from './SectionPanel';

type Draft = Schemas['ReviewDraft'];

const commentMax = 4000;

const refusals: Record<SignOffRefusal, UiKey> = {
  points: 'review.refusal.points',
  conclusion: 'review.refusal.conclusion',
  seqs: 'review.refusal.seqs',
  seqsWithoutText: 'review.refusal.seqsWithoutText',
  nothingButNotes: 'review.refusal.nothingButNotes',
  findingsWithoutNotes: 'review.refusal.findingsWithoutNotes',
};

interface Props {
  readonly draft: Draft;
  readonly occurrenceId: string;
  readonly onReload: () => void;
}

/** The sections of the summary with a finding under each, the conclusion, and the sign-off. */
export function ReviewForm({ draft, occurrenceId, onReload }: Props) {
  const { t } = useText();
  const written = useDraft(`review ${occurrenceId}`, noNotes);
  const [refused, setRefused] = useState<SignOffRefusal | null>(null);
  const [confirming, setConfirming] = useState(false);
  const notes = written.value;
  const titles = Object.fromEntries(sections.map((s) => [s, t(sectionTitles[s])])) as Record<Section, string>;
  const collected = collectFindings(notes, titles, draft.checklist);
  const answer = (answered: readonly string[]) => { written.set({ ...notes, answered }); };
  const setNote = (section: Section, note: Note) => { written.set({ ...notes, notes: { ...notes.notes, [section]: note } }); };
  const ask = () => {
    setRefused(collected.refusal);
    if (collected.refusal === null) setConfirming(true);
  };
  return (
    <>
      {sections.map((section) => (
        <SectionPanel
          key={section} section={section} draft={draft} note={notes.notes[section] ?? noNote}
          onNote={(note) => { setNote(section, note); }} answered={notes.answered} onAnswer={answer}
        />
      ))}
      <Panel title={t('review.conclude')} lead={t('review.concludeLead')}>
        <Points points={pointsOf(null, draft.checklist)} answered={notes.answered} onAnswer={answer} />
        <RadioGroup
          legend={t('review.conclusion')} name="conclusion" value={notes.conclusion}
          options={[{ value: 'nothing_found', label: t('review.nothing') }, { value: 'findings', label: t('review.findings') }]}
          onChange={(conclusion) => { written.set({ ...notes, conclusion }); }}
        />
        <Field label={t('review.comment')} optional>
          <TextArea value={notes.comment} onChange={(comment) => { written.set({ ...notes, comment }); }} maxLength={commentMax} name="comment" />
        </Field>
        {refused && collected.refusal && <Notice level="error" live><p>{t(refusals[collected.refusal])}</p></Notice>}
        <div className="d-actions"><Button kind="primary" onClick={ask}>{t('review.signOff')}</Button></div>
      </Panel>
      {confirming && (
        <Confirm
          draft={draft} findings={collected.findings} conclusion={notes.conclusion ?? 'nothing_found'} comment={notes.comment.trim()}
          onClose={() => { setConfirming(false); }} onDone={written.discard} onReload={onReload}
        />
      )}
    </>
  );
}

interface ConfirmProps {
  readonly draft: Draft;
  readonly findings: Schemas['ReviewFinding'][];
  readonly conclusion: Schemas['ReviewSignOff']['conclusion'];
  readonly comment: string;
  readonly onClose: () => void;
  readonly onDone: () => void;
  readonly onReload: () => void;
}

/** Says exactly what is signed off before it is. */
function Confirm({ draft, findings, conclusion, comment, onClose, onDone, onReload }: ConfirmProps) {
  const { client } = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { t } = useText();
  const signOff = useMutation({
    mutationFn: () => need(client.POST('/api/v1/reviews', {
      body: {
        obligation_id: draft.obligation_id, from: draft.from, to: draft.to, digest: draft.digest, conclusion, findings, comment,
        tree_size: draft.range.tree_size, checklist: draft.checklist.map((point) => point.id),
      },
    })),
    onSuccess: async () => {
      onDone();
      await queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'review-draft' });
      await navigate('/logs/reviews');
    },
  });
  const changed = signOff.error instanceof ApiProblem && signOff.error.problem.status === 409;
  return (
    <FormDialog
      title={t('review.confirmTitle')} open onClose={onClose} size="L" action={t('review.confirmAction')} busy={signOff.isPending}
      disabled={changed} onSubmit={() => { signOff.mutate(); }}
    >
      <ProblemNotice
        error={signOff.error}
        action={changed && <Button small onClick={() => { onClose(); onReload(); }}>{t('review.reload')}</Button>}
      />
      <p>{t('review.confirmText')}</p>
      <Pairs
        pairs={[
          { term: t('task.period'), value: <TimeSpan from={draft.from} to={draft.to} /> },
          { term: t('review.range'), value: <strong><RangeText range={draft.range} /></strong> },
          { term: t('ledger.size'), value: draft.range.tree_size },
          { term: t('review.conclusion'), value: t(conclusion === 'findings' ? 'review.findings' : 'review.nothing') },
          { term: t('review.findingCount'), value: String(findings.length) },
          { term: t('review.points'), value: String(draft.checklist.length) },
          { term: t('ledger.root'), value: <span className="d-mono d-break">{draft.range.root}</span>, wide: true },
        ]}
      />
      <p>{t('review.confirmFinal')}</p>
    </FormDialog>
  );
}
