/** The product's name as it is always written. */
export function Wordmark({ small }: { readonly small?: boolean }) {
  return (
    <span className="d-wordmark" data-small={small}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="6" className="d-wordmark-cover" />
        <path d="M9 7h14v18H9z" className="d-wordmark-page" />
        <path d="M12 7v18M15 12h6M15 16h6M15 20h4" className="d-wordmark-line" />
      </svg>
      <span>daicho <span lang="ja">台帳</span></span>
    </span>
  );
}
