import { useMemo, useState } from 'react';
import { useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { usePeople } from '../../api/queries';
import { Button } from '../../parts/Button';
import { Grid, type GridColumn } from '../../parts/grid';
import { Loaded } from '../../parts/Loaded';
import { Mark } from '../../parts/Mark';
import { Empty, Page } from '../../parts/Page';
import { Time } from '../../parts/Time';
import { useText, type Text } from '../../text/TextProvider';
import { useDates, type Dates } from '../../time/useDates';
import { IssuedDialog } from './IssuedDialog';
import { NewPersonDialog } from './NewPersonDialog';
import { PersonDialog } from './PersonDialog';
import { personState } from './person-state';
import { roles } from './roles';

type Person = Schemas['Person'];

export function PeoplePage() {
  const text = useText();
  const { t } = text;
  const dates = useDates();
  const may = useMay();
  const people = usePeople();
  const [adding, setAdding] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const [issued, setIssued] = useState<Schemas['PersonIssued'] | null>(null);
  const columns = useMemo(() => personColumns(text, dates), [text, dates]);
  return (
    <Page
      title={t('people.title')} lead={t('people.lead')}
      actions={may('people.write') && <Button kind="primary" onClick={() => { setAdding(true); }}>{t('people.add')}</Button>}
    >
      <Loaded query={people}>
        {(data) => {
          const opened = data.people.find((p) => p.id === open);
          return (
            <>
              <Grid
                label={t('people.title')} name="people" columns={columns} rows={data.people} rowId={(row) => row.id}
                onOpen={(row) => { setOpen(row.id); }} empty={<Empty>{t('people.empty')}</Empty>}
              />
              {opened && (
                <PersonDialog
                  key={`${opened.id} ${String(opened.version)}`} person={opened} onClose={() => { setOpen(null); }}
                  onIssued={(i) => { setOpen(null); setIssued(i); }}
                />
              )}
            </>
          );
        }}
      </Loaded>
      {adding && <NewPersonDialog onClose={() => { setAdding(false); }} onIssued={(i) => { setAdding(false); setIssued(i); }} />}
      {issued && <IssuedDialog issued={issued} onClose={() => { setIssued(null); }} />}
    </Page>
  );
}

function personColumns({ t }: Text, dates: Dates): GridColumn<Person>[] {
  return [
    { id: 'login', header: t('signin.login'), width: 120, text: (row) => row.login, sortBy: (row) => row.login },
    { id: 'name', header: t('person.name'), width: 140, text: (row) => row.display_name, sortBy: (row) => row.display_name },
    {
      id: 'state', header: t('compliance.state'), width: 170, text: (row) => t(personState(row).text), sortBy: (row) => personState(row).text,
      cell: (row) => <Mark tone={personState(row).tone} icon={personState(row).icon}>{t(personState(row).text)}</Mark>,
    },
    { id: 'roles', header: t('person.roles'), width: 300, text: (row) => row.roles.map((role) => t(roles[role])).join('、'), hidden: 'narrow' },
    {
      id: 'password', header: t('person.passwordSet'), width: 190, text: (row) => dates.at(row.password_set_at),
      sortBy: (row) => row.password_set_at, cell: (row) => <Time at={row.password_set_at} />, hidden: 'narrow',
    },
  ];
}
