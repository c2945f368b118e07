/**
 * The page of one clause. The id stands in the query: ids hold dots, and the server takes a last segment with a dot
 * for the name of a file.
 */
export function clausePath(id: string, asOf: string | null = null): string {
  return `/compliance/clause?${new URLSearchParams(asOf === null ? { id } : { id, as_of: asOf }).toString()}`;
}
