import type { Schemas } from '../api/problem';

/** A log line: escapes of control and invalid bytes stand out, and nothing in it can act on the page. */
export function SafeText({ parts }: { readonly parts: readonly Schemas['DisplayPart'][] }) {
  return (
    <span className="d-safe" translate="no">
      {parts.map((part, at) => {
        if (part.kind === 'match') return <mark key={at}>{part.text}</mark>;
        if (part.kind === 'escaped') return <span key={at} className="d-escape">{part.text}</span>;
        return <span key={at}>{part.text}</span>;
      })}
    </span>
  );
}
