import { describe, expect, it } from 'vitest';
import { collectFindings, noNotes, parseSeqs, type Notes } from './findings';

const titles = { sign_ins: 'A', out_of_hours: 'B', new_addresses: 'C', volumes: 'D', gaps: 'E' };
const withNote = (text: string, seqs: string, conclusion: Notes['conclusion']): Notes => ({
  ...noNotes, notes: { sign_ins: { text, seqs } }, conclusion,
});

describe('findings of a review', () => {
  it('reads sequence numbers separated by commas, blanks or Japanese commas', () => {
    expect(parseSeqs('48213, 48214　48215、４８２１６')).toEqual(['48213', '48214', '48215', '48216']);
    expect(parseSeqs('')).toEqual([]);
    expect(parseSeqs('48x')).toBeNull();
    expect(parseSeqs('007')).toBeNull();
    expect(parseSeqs(Array.from({ length: 101 }, (_, n) => String(n)).join(' '))).toBeNull();
  });
  it('names the section in the text that is recorded', () => {
    expect(collectFindings(withNote('遮断した', '1 2', 'findings'), titles)).toEqual({
      findings: [{ text: 'A: 遮断した', seqs: ['1', '2'] }], refusal: null,
    });
  });
  it('refuses a conclusion that contradicts the notes', () => {
    expect(collectFindings(withNote('x', '', 'nothing_found'), titles).refusal).toBe('nothingButNotes');
    expect(collectFindings(withNote(' ', '', 'findings'), titles).refusal).toBe('findingsWithoutNotes');
    expect(collectFindings(withNote('x', '', null), titles).refusal).toBe('conclusion');
    expect(collectFindings(withNote('', '5', 'nothing_found'), titles).refusal).toBe('seqsWithoutText');
    expect(collectFindings(withNote('x', 'abc', 'findings'), titles).refusal).toBe('seqs');
  });
  it('lets an uneventful review pass', () => {
    expect(collectFindings({ ...noNotes, conclusion: 'nothing_found' }, titles)).toEqual({ findings: [], refusal: null });
  });
});
