import { describe, expect, it } from 'vitest';
import { noTerms, presetBounds, termsFor, toQuery } from './terms';

const zone = 'Asia/Tokyo';

describe('search terms', () => {
  it('reads a day as its beginning and its end in the zone of the organisation', () => {
    const { query } = toQuery({ ...noTerms, from: '令和8年11月15日', to: '2026-11-21' }, zone);
    expect(query).toEqual({ from: '2026-11-14T15:00:00Z', to: '2026-11-21T15:00:00Z', limit: 200 });
  });
  it('sends only what was filled in', () => {
    const { query } = toQuery({ ...noTerms, from: '2026-11-15', to: '2026-11-15', user: ' root ', outcome: 'failure', source: 'tcp:192.0.2.7' }, zone);
    expect(query).toMatchObject({ user: 'root', outcome: 'failure', source_id: 'tcp:192.0.2.7' });
    expect(query).not.toHaveProperty('host');
  });
  it('names the bound that cannot be read, and a range that runs backwards', () => {
    expect(toQuery({ ...noTerms, from: '2026-02-30', to: '2026-03-01' }, zone)).toEqual({ query: null, fromBad: true, toBad: false, order: false });
    expect(toQuery({ ...noTerms, from: '2026-03-02', to: '2026-03-01' }, zone)).toEqual({ query: null, fromBad: false, toBad: false, order: true });
  });
  it('knows the presets on the day of the organisation', () => {
    const now = Date.parse('2026-11-21T15:30:00Z');
    expect(presetBounds('today', zone, now)).toEqual({ from: '2026-11-22', to: '2026-11-22' });
    expect(presetBounds('week', zone, now)).toEqual({ from: '2026-11-16', to: '2026-11-22' });
    expect(presetBounds('hour', zone, now)).toEqual({ from: '2026-11-21 23:30', to: '2026-11-22 00:31' });
  });
  it('fills the form for a link so that it asks for the same range', () => {
    const terms = termsFor('2026-11-14T15:00:00Z', '2026-11-21T15:00:00Z', zone, { address: '198.51.100.23' });
    expect(toQuery(terms, zone).query).toMatchObject({ from: '2026-11-14T15:00:00Z', to: '2026-11-21T15:00:00Z', address: '198.51.100.23' });
  });
  it('fills the form for a link so that it leaves out no second of the range', () => {
    const terms = termsFor('2026-11-22T09:43:20Z', '2026-11-22T09:43:35Z', zone, {});
    expect(toQuery(terms, zone).query).toMatchObject({ from: '2026-11-22T09:43:00Z', to: '2026-11-22T09:44:00Z' });
  });
});
