import { describe, expect, it } from 'vitest';
import { collectFindings as collect, noNotes, parseSeqs, pointsOf, type Notes, type Point } from './findings';

const titles = { sign_ins: 'A', out_of_hours: 'B', new_addresses: 'C', volumes: 'D', gaps: 'E' };
const collectFindings = (notes: Notes, names: typeof titles) => collect(notes, names, []);
const point = (id: string, panel: string): Point => ({ id, panel, title: { ja: id, en: id }, ask: { ja: '', en: '' } });
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
  it('asks for an answer to every point of the checklist', () => {
    const notes: Notes = { ...noNotes, conclusion: 'nothing_found', answered: ['a'] };
    expect(collect(notes, titles, [point('a', 'volume'), point('b', 'users')]).refusal).toBe('points');
    expect(collect({ ...notes, answered: ['a', 'b'] }, titles, [point('a', 'volume'), point('b', 'users')]).refusal).toBeNull();
  });
  it('puts every point beside one section, and an unknown panel at the end', () => {
    const list = [point('a', 'volume'), point('b', 'failures'), point('c', 'something new')];
    expect(pointsOf('volumes', list).map((p) => p.id)).toEqual(['a']);
    expect(pointsOf('sign_ins', list).map((p) => p.id)).toEqual(['b']);
    expect(pointsOf(null, list).map((p) => p.id)).toEqual(['c']);
  });
  it('lets an uneventful review pass', () => {
    expect(collectFindings({ ...noNotes, conclusion: 'nothing_found' }, titles)).toEqual({ findings: [], refusal: null });
  });
});
