import type { Schemas } from '../../api/problem';
import { useMay } from '../../api/ApiContext';
import { Field, TextArea, TextInput } from '../../parts/Field';
import { Panel } from '../../parts/Page';
import { LinkButton } from '../../parts/Button';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { searchState, termsFor, type Terms } from '../logs/terms';
import { parseSeqs, pointsOf, type Note, type Section } from './findings';
import { Points } from './Points';
import { GapList, SignInTables, VolumeTable } from './SectionTables';
import { sectionTitles } from './section-titles';

const noteMax = 3900;

interface Props {
  readonly section: Section;
  readonly draft: Schemas['ReviewDraft'];
  readonly note: Note;
  readonly onNote: (note: Note) => void;
  readonly answered: readonly string[];
  readonly onAnswer: (answered: readonly string[]) => void;
}

/** One view of the period, the way into the search for it, and room for what was noticed. */
export function SectionPanel({ section, draft, note, onNote, answered, onAnswer }: Props) {
  const { t } = useText();
  const title = t(sectionTitles[section]);
  return (
    <Panel title={title} actions={<SearchLink draft={draft} terms={section === 'sign_ins' ? { outcome: 'failure' } : {}} />}>
      <SectionBody section={section} draft={draft} />
      <div className="d-note-fields">
        <Points points={pointsOf(section, draft.checklist)} answered={answered} onAnswer={onAnswer} />
        <Field label={t('review.note', { section: title })} optional>
          <TextArea value={note.text} onChange={(text) => { onNote({ ...note, text }); }} maxLength={noteMax} rows={2} name={`note-${section}`} />
        </Field>
        {note.text.trim() !== '' && (
          <Field
            label={t('review.seqs')} optional help={t('review.seqsHelp')}
            errors={parseSeqs(note.seqs) === null ? [t('review.refusal.seqs')] : []}
          >
            <TextInput value={note.seqs} onChange={(seqs) => { onNote({ ...note, seqs }); }} wide mono name={`seqs-${section}`} />
          </Field>
        )}
      </div>
    </Panel>
  );
}

function SectionBody({ section, draft }: Pick<Props, 'section' | 'draft'>) {
  const { t } = useText();
  switch (section) {
    case 'sign_ins': return <SignInTables rows={draft.sign_ins} draft={draft} name="sign-ins" empty={t('review.empty.sign_ins')} />;
    case 'out_of_hours': return <SignInTables rows={draft.out_of_hours} draft={draft} name="out-of-hours" empty={t('review.empty.out_of_hours')} />;
    case 'new_addresses': return <SignInTables rows={draft.new_addresses} draft={draft} name="new-addresses" empty={t('review.empty.new_addresses')} />;
    case 'volumes': return <VolumeTable draft={draft} />;
    case 'gaps': return <GapList draft={draft} />;
  }
}

interface SearchLinkProps {
  readonly draft: Schemas['ReviewDraft'];
  readonly terms: Partial<Terms>;
}

/** The review and the search differ in permission: who reviews by delegation may lack the search. */
function SearchLink({ draft, terms }: SearchLinkProps) {
  const { t } = useText();
  const dates = useDates();
  const may = useMay();
  if (!may('log.read')) return null;
  return <LinkButton to="/logs/search" state={searchState(termsFor(draft.from, draft.to, dates.zone, terms))} small>{t('review.search')}</LinkButton>;
}
