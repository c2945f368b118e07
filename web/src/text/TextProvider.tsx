import { useEffect, useMemo, type ReactNode } from 'react';
import { IntlProvider as OurIntlProvider, useIntl } from 'react-intl';
import { IntlProvider as PartsIntlProvider } from 'smarthr-ui';
import type { Schemas } from '../api/problem';
import { useDates } from '../time/useDates';
import { catalogues, uiId, type Language, type UiKey } from './catalogues';
import { presentable, withChosenDates } from './params';

export type Values = Readonly<Record<string, string | number>>;

/** Our messages outside, the part library's own inside: it merges ours with its. */
export function TextProvider({ language, children }: { readonly language: Language; readonly children: ReactNode }) {
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <OurIntlProvider locale={language} defaultLocale="ja" messages={catalogues[language]}>
      <PartsIntlProvider locale={language === 'ja' ? 'ja' : 'en-us'}>{children}</PartsIntlProvider>
    </OurIntlProvider>
  );
}

type Sentence = Pick<Schemas['Message'], 'text_key' | 'params' | 'ja' | 'en'>;

export interface Text {
  readonly language: Language;
  readonly t: (key: UiKey, values?: Values) => string;
  /** A sentence the server chose by its key; one from the content brings its own text. */
  readonly say: (message: Sentence) => string;
  /** The same, or null when the catalogue does not have it: for remarks that can be left out. */
  readonly sayIfKnown: (message: Sentence) => string | null;
  /** A text of the content, which carries both languages. */
  readonly local: (text: Schemas['LocalText']) => string;
  readonly number: (value: number | string) => string;
}

export function useText(): Text {
  const intl = useIntl();
  const dates = useDates();
  return useMemo(() => {
    const language: Language = intl.locale.startsWith('en') ? 'en' : 'ja';
    const known: Readonly<Record<string, string>> = catalogues[language];
    const sentence = (message: Sentence): string | null => {
      const { text_key: key, params, [language]: worded } = message;
      if (worded !== undefined) return withChosenDates(worded, params, dates);
      return Object.hasOwn(known, key) ? intl.formatMessage({ id: key }, presentable(params, dates, language)) : null;
    };
    return {
      language,
      t: (key, values) => intl.formatMessage({ id: uiId(key) }, values),
      say: (message) => sentence(message) ?? intl.formatMessage({ id: uiId('problem.unknownText') }, { key: message.text_key }),
      sayIfKnown: sentence,
      local: (text) => text[language],
      number: (value) => new Intl.NumberFormat(language).format(typeof value === 'string' ? BigInt(value) : value),
    };
  }, [intl, dates]);
}
