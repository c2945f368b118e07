import { Link } from 'react-router';
import type { Schemas } from '../../api/problem';
import { useHome } from '../../api/queries';
import { useMay, useSession } from '../../api/ApiContext';
import { LinkButton } from '../../parts/Button';
import { CountsBar } from '../../parts/CountsBar';
import { Loaded } from '../../parts/Loaded';
import { Notice } from '../../parts/Notice';
import { Empty, Page, Panel } from '../../parts/Page';
import { alarmLevels, OccurrenceMark } from '../../parts/states';
import { EndTime, Time, TimeSpan } from '../../parts/Time';
import { useText } from '../../text/TextProvider';
import { useDates } from '../../time/useDates';
import { today } from '../../time/zone';
import { ActionItem, isOpen, reviewPath } from '../actions';
import { ClauseLinks } from '../ClauseLinks';

export function HomePage() {
  const { t } = useText();
  const dates = useDates();
  const session = useSession();
  const home = useHome();
  return (
    <Page title={t('home.title')} lead={t('home.lead', { day: dates.day(today(dates.zone)), name: session.person.display_name })}>
      <Loaded query={home} lines={8}>
        {(data) => (
          <>
            <Alarms alarms={data.alarms ?? []} />
            <div className="d-columns">
              <div>
                <Panel title={t('home.tasks')}><Tasks tasks={data.tasks} /></Panel>
                {data.clause_counts && <Panel title={t('home.missing')} lead={t('home.missingLead')}><MissingList missing={data.missing} /></Panel>}
              </div>
              {data.clause_counts && (
                <Panel title={t('home.whole')} actions={<LinkButton to="/compliance" small>{t('go.compliance')}</LinkButton>}>
                  <CountsBar counts={data.clause_counts} caption={t('home.whole')} />
                  <p className="d-faint">{t('home.unknown')} {t('computedAt')} <Time at={data.computed_at} /></p>
                </Panel>
              )}
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Alarms({ alarms }: { readonly alarms: readonly Schemas['Alarm'][] }) {
  const { t, say } = useText();
  return alarms.map((alarm) => (
    <Notice
      key={alarm.message.text_key + alarm.since} level={alarm.level === 'warning' ? 'warning' : 'error'}
      action={<LinkButton to="/audit/ledger" small>{t('home.toLedger')}</LinkButton>}
    >
      <p><strong>{t(alarmLevels[alarm.level])}: {say(alarm.message)}</strong></p>
      <p className="d-faint">{t('since')} <Time at={alarm.since} /></p>
    </Notice>
  ));
}

/** Mine first, then the most urgent. */
function Tasks({ tasks }: { readonly tasks: readonly Schemas['Task'][] }) {
  const { t, local } = useText();
  const may = useMay();
  if (tasks.length === 0) return <Empty action={<Link to="/schedule">{t('home.toSchedule')}</Link>}>{t('home.noTasks')}</Empty>;
  const sorted = [...tasks].sort((a, b) => Number(b.mine) - Number(a.mine) || a.due_at.localeCompare(b.due_at));
  return (
    <ul className="d-list">
      {sorted.map((task) => (
        <li key={task.occurrence_id} data-urgent={task.state === 'overdue'}>
          <div className="d-action">
            <div>
              <p><OccurrenceMark state={task.state} /> <strong>{local(task.title)}</strong></p>
              <p className="d-faint">
                {t('task.period')}: <TimeSpan from={task.from} to={task.to} /> / {t('task.due')}: <EndTime at={task.due_at} />
                {!task.mine && <> / {t('task.others')}</>}
              </p>
            </div>
            {task.page === 'review' && isOpen(task) && may('log.review') && (
              <LinkButton to={reviewPath(task.occurrence_id)} small primary={task.mine}>{t('review.start')}</LinkButton>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function MissingList({ missing }: { readonly missing: readonly Schemas['Missing'][] }) {
  const { t } = useText();
  if (missing.length === 0) return <Empty>{t('home.noMissing')}</Empty>;
  return (
    <ul className="d-list">
      {missing.map((item, at) => (
        <li key={at}>
          <ActionItem action={item.action} />
          <p className="d-faint">
            {t('home.clauses')}: <ClauseLinks ids={item.clause_ids} />
          </p>
        </li>
      ))}
    </ul>
  );
}
