import { describe, expect, it } from 'vitest';
import { neutralise, toCsv, toTsv } from './table-text';

describe('rows as text', () => {
  it.each(['=1+1', '+81', '-1', '@SUM(A1)', '\t=1', '\r=1'])('makes %j plain text', (cell) => {
    expect(neutralise(cell)).toBe(`'${cell}`);
  });
  it('leaves ordinary cells alone', () => {
    expect(['a=b', '192.0.2.7', '', '台帳'].map(neutralise)).toEqual(['a=b', '192.0.2.7', '', '台帳']);
  });
  it('quotes what would break a CSV line and neutralises inside the quotes', () => {
    expect(toCsv([['a', 'b,c'], ['say "hi"', '=1,2']])).toBe('\uFEFFa,"b,c"\r\n"say ""hi""","\'=1,2"\r\n');
  });
  it('keeps a cell with tabs and line breaks in one TSV cell', () => {
    expect(toTsv([['a\tb', 'c\nd', '-x']])).toBe('"a\tb"\t"c\nd"\t\'-x');
  });
});
