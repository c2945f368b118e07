import type { Plugin } from 'vite';

// The part library ships its colours as literals. They are exchanged for ours while its style sheet is read, so
// that no rule has to be overridden by specificity. A colour that is no longer found stops the build: a new version
// of the library must not bring the old look back silently.
const colours: ReadonlyArray<readonly [from: RegExp, to: string]> = [
  [/rgb\(0 119 199 \//g, 'rgb(28 74 110 /'], // main
  [/#0077c7/g, '#1c4a6e'], // focus ring
  [/rgb\(0 113 193 \//g, 'rgb(20 86 138 /'], // link
  [/font-family: system-ui, sans-serif/g, 'font-family: var(--font-body)'],
];

export function ownTheme(): Plugin {
  return {
    name: 'daicho-own-theme',
    enforce: 'pre',
    transform(code, id) {
      if (!/smarthr-ui\.css(\?|$)/.test(id)) return null;
      let css = code;
      for (const [from, to] of colours) {
        if (css.search(from) < 0) this.error(`the library's style sheet no longer contains ${String(from)}`);
        css = css.replace(from, to);
      }
      return { code: css, map: null };
    },
  };
}
