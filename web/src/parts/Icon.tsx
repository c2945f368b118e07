// Own line icons on a 16 by 16 grid. They repeat what the text beside them says, so they are hidden from readers.
const shapes = {
  home: 'M2.5 7.5 8 3l5.5 4.5V13h-4V9.5h-3V13h-4z',
  shield: 'M8 2 3 4v4c0 3 2.2 5 5 6 2.8-1 5-3 5-6V4z',
  search: 'M7 11.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9zM10.3 10.3 14 14',
  server: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01',
  review: 'M4 3h8v11H4zM6 2h4v2H6zM6 8.5l1.5 1.5L10.5 7',
  calendar: 'M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5V5M10.5 2.5V5',
  ledger: 'M4 2.5h9v11H4zM6.5 2.5v11M8.5 6h3M8.5 8.5h3',
  export: 'M8 10V2.5M5 5.5l3-3 3 3M2.5 10v3.5h11V10',
  pack: 'M2.5 5 8 2.5 13.5 5v6L8 13.5 2.5 11zM2.5 5 8 7.5 13.5 5M8 7.5v6',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c0-2.5 2-4 5-4s5 1.5 5 4',
  delegate: 'M5.5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM2 13c0-2 1.5-3.5 3.5-3.5S9 11 9 13M9.5 7h4.5M12 5l2 2-2 2',
  building: 'M3.5 13.5v-11h6v11M9.5 6.5h3v7M2 13.5h12M5.5 5h2M5.5 7.5h2M5.5 10h2',
  send: 'M2.5 8h8M8 5l3 3-3 3M13.5 3v10',
  display: 'M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3',
  up: 'M4 10l4-4 4 4',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  download: 'M8 2.5V10M5 7l3 3 3-3M2.5 11v2.5h11V11',
  print: 'M4.5 6V2.5h7V6M4.5 11h-2V6h11v5h-2M4.5 9.5h7v4h-7z',
  menu: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM5.2 8.2l2 2 3.6-4',
  cross: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  clock: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM8 4.8V8l2.2 1.6',
  question: 'M3 3h10v10H3zM6.3 6.4a1.7 1.7 0 1 1 2.6 1.5c-.6.4-.9.7-.9 1.4M8 11.2h.01',
  minus: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM5.3 8h5.4',
  exception: 'M8 2l6 6-6 6-6-6zM8 5.3v3M8 10.4h.01',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.6h.01',
  info: 'M8 14A6 6 0 1 1 8 2a6 6 0 0 1 0 12zM8 7.4v3.4M8 5.2h.01',
  out: 'M6 3H3v10h3M7 8h6.5M11 5.5 13.5 8 11 10.5',
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="d-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={shapes[name]} fill="none" stroke="currentColor" strokeWidth="1.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
