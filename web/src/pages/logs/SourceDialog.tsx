import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { need } from '../../api/api';
import { useApi, useMay } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useSettings } from '../../api/queries';
import { FormDialog, MessageDialog } from '../../parts/Dialog';
import { CheckGroup, Field, SelectInput, TextInput } from '../../parts/Field';
import { Pairs } from '../../parts/Page';
import { fieldErrors, ProblemNotice } from '../../parts/ProblemNotice';
import { TimeOrNone } from '../../parts/Time';
import type { UiKey } from '../../text/catalogues';
import { useText } from '../../text/TextProvider';
import { identityInFull, identityOf } from './source-identity';

type Source = Schemas['Source'];
type Kind = Schemas['SourceKind'];

const kinds: Record<Kind, UiKey> = {
  server: 'source.kind.server',
  network_device: 'source.kind.network_device',
  database: 'source.kind.database',
  application: 'source.kind.application',
  security_device: 'source.kind.security_device',
  terminal: 'source.kind.terminal',
  other: 'source.kind.other',
};
const kindOrder = Object.keys(kinds) as Kind[];

interface Props {
  readonly source: Source;
  readonly onClose: () => void;
}

/** What is known of a source; who may, registers it here. daicho's own entries are no foreign source. */
export function SourceDialog({ source, onClose }: Props) {
  const { t } = useText();
  const may = useMay();
  if (!may('source.write') || source.source_id === 'daicho') {
    return (
      <MessageDialog title={source.name ?? source.source_id} open onClose={onClose} size="L">
        <Facts source={source} />
        {!may('source.write') && <p className="d-faint">{t('source.mayNot')}</p>}
      </MessageDialog>
    );
  }
  return <RegisterDialog source={source} onClose={onClose} />;
}

function Facts({ source }: { readonly source: Source }) {
  const { t, number } = useText();
  return (
    <Pairs
      pairs={[
        { term: t('event.sourceId'), value: <span className="d-mono d-break">{source.source_id}</span> },
        { term: t('source.identity'), value: t(identityInFull[identityOf(source)]) },
        { term: t('source.firstSeen'), value: <TimeOrNone at={source.first_seen} /> },
        { term: t('source.lastSeen'), value: <TimeOrNone at={source.last_seen} /> },
        { term: t('source.total'), value: number(source.events_total) },
        { term: t('source.gaps'), value: <>{number(source.gaps)} {source.last_gap_at && <TimeOrNone at={source.last_gap_at} />}</> },
        {
          term: t('source.drops'),
          value: t('source.dropDetail', {
            pressure: number(source.drops.back_pressure), oversize: number(source.drops.oversize), malformed: number(source.drops.malformed_frame),
          }),
          wide: true,
        },
      ]}
    />
  );
}

function RegisterDialog({ source, onClose }: Props) {
  const { client } = useApi();
  const queries = useQueryClient();
  const settings = useSettings();
  const text = useText();
  const { t, local } = text;
  const [name, setName] = useState(source.name ?? '');
  const [kind, setKind] = useState<Kind | ''>(source.kind ?? '');
  const [post, setPost] = useState(source.owner_post ?? '');
  const [silence, setSilence] = useState(source.silence_minutes_max === null ? '' : String(source.silence_minutes_max));
  const [flags, setFlags] = useState<Schemas['SourceFlag'][]>(source.flags);
  const silenceBad = silence !== '' && !/^[1-9][0-9]{0,5}$/.test(silence);
  const save = useMutation({
    mutationFn: (known: Kind) => need(client.PATCH('/api/v1/sources/{source_id}', {
      params: { path: { source_id: source.id } },
      body: {
        name: name.trim(), kind: known, flags, version: source.version,
        silence_minutes_max: silence === '' ? null : Number(silence), ...(post === '' ? {} : { owner_post: post }),
      },
    })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t(source.registered ? 'source.change' : 'source.register')} open onClose={onClose} size="L" busy={save.isPending}
      action={t(source.registered ? 'save' : 'source.registerAction')} disabled={name.trim() === '' || kind === '' || silenceBad}
      onSubmit={() => { if (kind !== '') save.mutate(kind); }}
    >
      <ProblemNotice error={save.error} />
      <Facts source={source} />
      <Field label={t('source.name')} help={t('source.nameHelp')} errors={fieldErrors(save.error, 'name', text)}>
        <TextInput value={name} onChange={setName} name="source-name" wide maxLength={100} />
      </Field>
      <Field label={t('source.kind')} errors={fieldErrors(save.error, 'kind', text)}>
        <SelectInput
          value={kind} onChange={setKind} name="kind"
          options={[{ value: '', label: t('choose') }, ...kindOrder.map((k) => ({ value: k, label: t(kinds[k]) }))]}
        />
      </Field>
      <Field label={t('source.owner')} optional={source.owner_post === null} errors={fieldErrors(save.error, 'owner_post', text)}>
        <SelectInput
          value={post} onChange={setPost} name="owner-post"
          options={[
            ...(source.owner_post === null ? [{ value: '', label: t('none') }] : []),
            ...(settings.data?.posts ?? []).map((p) => ({ value: p.id, label: local(p.title) })),
          ]}
        />
      </Field>
      <Field
        label={t('source.silence')} help={t('source.silenceHelp')} optional
        errors={silenceBad ? [t('source.silenceBad')] : fieldErrors(save.error, 'silence_minutes_max', text)}
      >
        <TextInput value={silence} onChange={setSilence} name="silence" maxLength={6} invalid={silenceBad} />
      </Field>
      <CheckGroup
        legend={t('source.flags')} chosen={flags} onChange={setFlags}
        options={[
          { value: 'published_server', label: t('source.flag.published') },
          { value: 'personal_information_database', label: t('source.flag.personal') },
        ]}
      />
    </FormDialog>
  );
}
