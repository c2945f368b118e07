import { describe, expect, it } from 'vitest';
import { passwordRules } from './password-rules';

const context = { login: 'sato', name: '佐藤花子', organisation: 'みほん' };
const broken = (password: string) => passwordRules.filter((r) => r.holds !== null && !r.holds(password, context)).map((r) => r.text);

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
});
