import type { Schemas } from '../../api/problem';

export type SumBy = 'pair' | 'user' | 'address';

export interface SignInSum {
  readonly id: string;
  /** Null where the sum runs over all of them. */
  readonly user: string | null;
  readonly address: string | null;
  readonly succeeded: number;
  readonly failed: number;
  readonly first_at: string;
  readonly last_at: string;
}

/** Adds sign-ins up by the pair, the person or the address; most failures first. */
export function sumBy(rows: readonly Schemas['SignInCount'][], by: SumBy): SignInSum[] {
  const sums = new Map<string, SignInSum>();
  for (const row of rows) {
    const user = by === 'address' ? null : row.user;
    const address = by === 'user' ? null : row.address;
    const id = JSON.stringify([user, address]);
    const sum = sums.get(id) ?? { ...row, id, user, address, succeeded: 0, failed: 0 };
    sums.set(id, {
      ...sum,
      succeeded: sum.succeeded + row.succeeded,
      failed: sum.failed + row.failed,
      first_at: earlier(sum.first_at, row.first_at),
      last_at: earlier(sum.last_at, row.last_at) === sum.last_at ? row.last_at : sum.last_at,
    });
  }
  return [...sums.values()].sort((a, b) => b.failed - a.failed || b.succeeded - a.succeeded);
}

/** RFC 3339 texts with fractions of different length do not order as texts. */
function earlier(a: string, b: string): string {
  return Date.parse(a) <= Date.parse(b) ? a : b;
}
