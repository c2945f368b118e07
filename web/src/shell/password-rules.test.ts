import { describe, expect, it } from 'vitest';
import { passwordRules } from './password-rules';

const context = { login: 'sato', name: '佐藤花子', organisation: 'みほん' };
const numbers = { chars_min: 12, same_run_max: 3, sequence_max: 3, needs_upper: false, needs_digit: false, needs_symbol: false };
const broken = (password: string, more: Partial<typeof numbers> = {}) => passwordRules({ ...numbers, ...more }).filter((r) => r.holds !== null && !r.holds(password, context)).map((r) => r.text);

describe('password rules', () => {
  it('accepts a long sentence', () => expect(broken('sora 77 kumo-to-ame')).toEqual([]));
  it.each([
    ['short-1', 'password.rule.length'],
    ['onlylettersinside', 'password.rule.mixed'],
    ['9035617280461', 'password.rule.mixed'],
    ['aaaa-kumo-to-7', 'password.rule.runs'],
    ['kumo-1234-to-a', 'password.rule.runs'],
    ['kumo-dcba-to-7', 'password.rule.runs'],
    ['my-SATO-kumo-77', 'password.rule.names'],
    ['ｓａｔｏ-kumo-to-77', 'password.rule.names'],
  ])('refuses %s', (password, rule) => expect(broken(password)).toContain(rule));
  it('counts characters, not code units', () => expect(broken('𠮷𠮷𠮷𠮸野家7')).toContain('password.rule.length'));
  it('follows the numbers of the server', () => {
    expect(broken('kumo-to-7', { chars_min: 9 })).toEqual([]);
    expect(broken('kumo-1234-to-a', { sequence_max: 4 })).toEqual([]);
  });
  it('asks for kinds of characters only where the server does', () => {
    const kinds = { needs_upper: true, needs_digit: true, needs_symbol: true };
    expect(broken('sora to kumo to ame', kinds)).toEqual(['password.rule.upper', 'password.rule.digit', 'password.rule.symbol']);
    expect(broken('Sora 77 kumo-to-ame', kinds)).toEqual([]);
  });
});
