interface Props {
  readonly label: string;
  readonly done: number;
  /** Null while it is not known how much there is. */
  readonly total: number | null;
}

export function Progress({ label, done, total }: Props) {
  return (
    <div className="d-progress">
      <progress aria-label={label} {...(total === null || total === 0 ? {} : { value: done, max: total })} />
      <span role="status">{label}</span>
    </div>
  );
}
