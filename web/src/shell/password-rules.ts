import type { Schemas } from '../api/problem';
import type { UiKey } from '../text/catalogues';

// The rules of the server (src/access/password/rules), for showing them while somebody types. The server judges; what
// it refuses is shown beside the field. Which of its keys a rule answers to is `refusal`.

export interface RuleContext {
  readonly login: string;
  readonly name: string;
  readonly organisation: string;
}

export interface Rule {
  readonly text: UiKey;
  readonly refusals: readonly string[];
  /** Null: only the server can tell. */
  readonly holds: ((password: string, context: RuleContext) => boolean) | null;
}

/** A shorter name would match by chance. */
const nameCharsMin = 3;

/** Length of the longest run in which each character follows the one before by `step`. */
function longestRun(text: string, step: number): number {
  const points = [...text].map((c) => c.codePointAt(0) ?? 0);
  let longest = 0;
  let run = 0;
  points.forEach((point, at) => {
    run = at > 0 && point - (points[at - 1] ?? 0) === step ? run + 1 : 1;
    longest = Math.max(longest, run);
  });
  return longest;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function free(password: string, name: string): boolean {
  const folded = fold(name).trim();
  return [...folded].length < nameCharsMin || !fold(password).includes(folded);
}

type Numbers = Schemas['PasswordRules'];

/** What the organisation asks of this person beyond the rules for everybody. */
function kinds(numbers: Numbers): Rule[] {
  const rule = (needed: boolean, text: UiKey, refusal: string, pattern: RegExp): Rule[] =>
    (needed ? [{ text, refusals: [refusal], holds: (p) => pattern.test(p.normalize('NFKC')) }] : []);
  return [
    ...rule(numbers.needs_upper, 'password.rule.upper', 'password.needs_upper', /[A-Z]/),
    ...rule(numbers.needs_digit, 'password.rule.digit', 'password.needs_digit', /[0-9]/),
    ...rule(numbers.needs_symbol, 'password.rule.symbol', 'password.needs_symbol', /[!-/:-@[-`{-~]/),
  ];
}

export function passwordRules(numbers: Numbers): readonly Rule[] {
  return [
    {
      text: 'password.rule.length', refusals: ['password.too_short', 'password.too_long'],
      holds: (p) => [...p.normalize('NFKC')].length >= numbers.chars_min,
    },
    {
      text: 'password.rule.mixed', refusals: ['password.only_letters', 'password.only_digits'],
      holds: (p) => p !== '' && !/^[A-Za-z]*$/.test(p.normalize('NFKC')) && !/^[0-9]*$/.test(p.normalize('NFKC')),
    },
    {
      text: 'password.rule.runs', refusals: ['password.same_run', 'password.sequence'],
      holds: (p) => {
        const typed = p.normalize('NFKC');
        const sequence = Math.max(longestRun(fold(typed), 1), longestRun(fold(typed), -1));
        return p !== '' && longestRun(typed, 0) <= numbers.same_run_max && sequence <= numbers.sequence_max;
      },
    },
    {
      text: 'password.rule.names', refusals: ['password.contains_login', 'password.contains_name', 'password.contains_organisation'],
      holds: (p, c) => p !== '' && free(p, c.login) && free(p, c.name) && free(p, c.organisation),
    },
    ...kinds(numbers),
    { text: 'password.rule.unknown', refusals: ['password.blocked', 'password.used_before', 'password.not_text'], holds: null },
  ];
}
