// Rows as text for other programs: TSV for the clipboard, CSV for a file.

/**
 * A cell that a spreadsheet would run as a formula is made plain text by a leading apostrophe. Tab and carriage
 * return count too: some programs strip them and then see the sign behind.
 */
export function neutralise(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

function quote(cell: string, separators: RegExp): string {
  return separators.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((c) => quote(neutralise(c), /[\t\n\r"]/)).join('\t')).join('\r\n');
}

/** RFC 4180 with a byte order mark, which Japanese spreadsheet programs need in order to read UTF-8. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map((c) => quote(neutralise(c), /[,\n\r"]/)).join(',')).join('\r\n')}\r\n`;
}
