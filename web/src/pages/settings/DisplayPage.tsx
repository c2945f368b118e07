import { useState } from 'react';
import { useSession } from '../../api/ApiContext';
import { Button } from '../../parts/Button';
import { RadioGroup } from '../../parts/Field';
import { Notice } from '../../parts/Notice';
import { Page, Pairs, Panel } from '../../parts/Page';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { ChangePassword } from '../../shell/ChangePassword';
import { usePreferences } from '../../shell/usePreferences';
import { useText } from '../../text/TextProvider';
import { formatWareki } from '../../time/wareki';
import { today } from '../../time/zone';

export function DisplayPage() {
  const { t } = useText();
  const session = useSession();
  const { preferences } = session;
  const store = usePreferences();
  const [changing, setChanging] = useState(false);
  const day = today(session.time_zone);
  return (
    <Page title={t('display.title')} lead={t('display.lead')}>
      <Panel title={t('display.look')}>
        <ProblemNotice error={store.error} />
        {store.isSuccess && <Notice level="success" live><p>{t('saved')}</p></Notice>}
        <RadioGroup
          legend={t('language.label')} name="language" value={preferences.language}
          options={[{ value: 'ja', label: '日本語' }, { value: 'en', label: 'English' }]}
          onChange={(language) => { store.mutate({ ...preferences, language }); }}
        />
        <RadioGroup
          legend={t('display.dates')} name="dates" value={preferences.date_style}
          options={[
            { value: 'wareki', label: t('display.wareki', { example: formatWareki(day) }) },
            { value: 'iso', label: t('display.iso', { example: day }) },
          ]}
          onChange={(style) => { store.mutate({ ...preferences, date_style: style }); }}
        />
        <Pairs pairs={[{ term: t('organisation.zone'), value: `${session.time_zone} ${t('display.zone')}` }]} />
      </Panel>
      <Panel title={t('password.title')}>
        {changing
          ? <ChangePassword onDone={() => { setChanging(false); }} />
          : <Button onClick={() => { setChanging(true); }}>{t('password.change')}</Button>}
      </Panel>
    </Page>
  );
}
