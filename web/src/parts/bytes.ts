const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, as disks are sold and as the export report counts. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)} ${units[unit] ?? ''}`;
}
