import { useText } from '../text/TextProvider';
import type { Language } from '../text/catalogues';

interface Props {
  readonly language: Language;
  readonly onChoose: (language: Language) => void;
}

/** Each language is named in itself, so that it is found by who needs it. */
export function LanguageSwitch({ language, onChoose }: Props) {
  const { t } = useText();
  return (
    <div className="d-language" role="group" aria-label={t('language.label')}>
      {([['ja', '日本語'], ['en', 'English']] as const).map(([id, name]) => (
        <button key={id} type="button" lang={id} aria-pressed={language === id} onClick={() => { onChoose(id); }}>{name}</button>
      ))}
    </div>
  );
}
