import { Notice } from '../../parts/Notice';
import { Pairs } from '../../parts/Page';
import { useText } from '../../text/TextProvider';

interface Props {
  readonly days: number;
  readonly events: string;
}

/** What destruction takes and what it leaves, in the same words before it and after it. */
export function Consequences({ days, events }: Props) {
  const { t, number } = useText();
  return (
    <>
      <Pairs
        pairs={[
          { term: t('retention.goes'), value: t('retention.goesText', { days: number(days), events: number(events) }), wide: true },
          { term: t('retention.stays'), value: t('retention.staysText'), wide: true },
        ]}
      />
      <Notice level="warning"><p>{t('retention.copies')}</p></Notice>
    </>
  );
}
