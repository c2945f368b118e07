import type { Schemas } from '../../api/problem';

export const sections = ['sign_ins', 'out_of_hours', 'new_addresses', 'volumes', 'gaps'] as const;
export type Section = (typeof sections)[number];

export interface Note {
  readonly text: string;
  /** Sequence numbers as typed: separated by commas or blanks, digit groups allowed with commas inside a number are not. */
  readonly seqs: string;
}

export interface Notes {
  readonly notes: Readonly<Partial<Record<Section, Note>>>;
  readonly conclusion: Schemas['ReviewSignOff']['conclusion'] | null;
  readonly comment: string;
  /** Ids of the points of the checklist that were answered. */
  readonly answered: readonly string[];
}

export const noNotes: Notes = { notes: {}, conclusion: null, comment: '', answered: [] };
export const noNote: Note = { text: '', seqs: '' };

const seqPattern = /^(0|[1-9][0-9]{0,19})$/;
/** As many as one finding may name (openapi.yaml, ReviewFinding). */
const seqsMax = 100;

/** The numbers, or null when one of them is none. */
export function parseSeqs(text: string): string[] | null {
  const parts = text.normalize('NFKC').split(/[\s,、]+/).filter((part) => part !== '');
  return parts.length <= seqsMax && parts.every((part) => seqPattern.test(part)) ? parts : null;
}

export type Point = Schemas['ReviewDraft']['checklist'][number];

/** Beside which view of the period a point stands. The panels are named by the content; one that is not known here stands at the end. */
const panelSections: Readonly<Record<string, Section>> = {
  users: 'sign_ins', failures: 'sign_ins', frequency: 'sign_ins', sign_ins: 'sign_ins', out_of_hours: 'out_of_hours',
  new_addresses: 'new_addresses', volume: 'volumes', volumes: 'volumes', silent_sources: 'gaps', gaps: 'gaps',
};

export function pointsOf(section: Section | null, checklist: readonly Point[]): Point[] {
  return checklist.filter((point) => (panelSections[point.panel] ?? null) === section);
}

export type SignOffRefusal = 'points' | 'conclusion' | 'seqs' | 'seqsWithoutText' | 'nothingButNotes' | 'findingsWithoutNotes';

export interface Findings {
  readonly findings: Schemas['ReviewFinding'][];
  readonly refusal: SignOffRefusal | null;
}

/** The findings to send. They must be empty exactly when the conclusion is that nothing was found. */
export function collectFindings(notes: Notes, titles: Readonly<Record<Section, string>>, checklist: readonly Point[]): Findings {
  const findings: Schemas['ReviewFinding'][] = [];
  for (const section of sections) {
    const note = notes.notes[section] ?? noNote;
    const seqs = parseSeqs(note.seqs);
    const text = note.text.trim();
    if (seqs === null) return { findings: [], refusal: 'seqs' };
    if (text === '' && seqs.length > 0) return { findings: [], refusal: 'seqsWithoutText' };
    if (text !== '') findings.push({ text: `${titles[section]}: ${text}`, seqs });
  }
  if (!checklist.every((point) => notes.answered.includes(point.id))) return { findings, refusal: 'points' };
  if (notes.conclusion === null) return { findings, refusal: 'conclusion' };
  if (notes.conclusion === 'nothing_found' && findings.length > 0) return { findings, refusal: 'nothingButNotes' };
  if (notes.conclusion === 'findings' && findings.length === 0) return { findings, refusal: 'findingsWithoutNotes' };
  return { findings, refusal: null };
}
