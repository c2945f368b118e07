import { useEffect, useState, type ReactNode } from 'react';
import { useText } from '../text/TextProvider';
import { copyText } from './clipboard';
import { Icon } from './Icon';

const toldForMs = 4000;

/** Copies a text and says whether it worked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useText();
  const [told, setTold] = useState<'done' | 'refused' | null>(null);
  useEffect(() => {
    if (told === null) return;
    const timer = window.setTimeout(() => { setTold(null); }, toldForMs);
    return () => { window.clearTimeout(timer); };
  }, [told]);
  return (
    <span className="d-copy">
      <button type="button" className="d-tool" onClick={() => void copyText(text).then((ok) => { setTold(ok ? 'done' : 'refused'); })}>
        <Icon name="copy" />{label}
      </button>
      <span role="status">{told === 'done' ? t('copy.done') : told === 'refused' ? t('copy.refused') : ''}</span>
    </span>
  );
}

interface CodeProps {
  readonly label: string;
  readonly text: string;
  readonly copyLabel: string;
  readonly children?: ReactNode;
}

/** A text to be taken over exactly. */
export function Code({ label, text, copyLabel, children }: CodeProps) {
  return (
    <div className="d-code">
      <div className="d-code-head">
        <span>{label}</span>
        <CopyButton text={text} label={copyLabel} />
        {children}
      </div>
      <pre tabIndex={0} aria-label={label}>{text}</pre>
    </div>
  );
}
