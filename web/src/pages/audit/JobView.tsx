import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { need } from '../../api/api';
import { useApi } from '../../api/ApiContext';
import type { Schemas } from '../../api/problem';
import { useJob } from '../../api/queries';
import { Button } from '../../parts/Button';
import { Notice } from '../../parts/Notice';
import { ProblemNotice } from '../../parts/ProblemNotice';
import { Progress } from '../../parts/Progress';
import { useText } from '../../text/TextProvider';

interface Props {
  readonly id: string;
  readonly onEnd: () => void;
  readonly done: (job: Schemas['Job']) => ReactNode;
}

/** A long operation: how far it is, how it ended, and a way to stop it. */
export function JobView({ id, onEnd, done }: Props) {
  const { client } = useApi();
  const { t, say } = useText();
  const job = useJob(id);
  const cancel = useMutation({
    mutationFn: () => need(client.DELETE('/api/v1/jobs/{job_id}', { params: { path: { job_id: id } } })),
    onSuccess: () => void job.refetch(),
  });
  const state = job.data?.state;
  const ended = state === 'done' || state === 'failed' || state === 'cancelled';
  const told = useRef(false);
  useEffect(() => {
    if (!ended || told.current) return;
    told.current = true;
    onEnd();
  }, [ended, onEnd]);
  if (!job.data) return <ProblemNotice error={job.error} reading />;
  const { data } = job;
  if (data.state === 'done') return <Notice level="success" live>{done(data)}</Notice>;
  if (data.state === 'failed') {
    return <Notice level="error" live><p><strong>{t('job.failed')}</strong> {data.problem ? say(data.problem) : ''}</p><p>{t('job.failedNext')}</p></Notice>;
  }
  if (data.state === 'cancelled') return <Notice level="info" live><p>{t('job.cancelled')}</p></Notice>;
  const label = data.total === null ? t('job.running') : t('job.progress', { percent: Math.floor((data.done / Math.max(1, data.total)) * 100) });
  return (
    <div className="d-job">
      <Progress label={label} done={data.done} total={data.total} />
      <Button small busy={cancel.isPending} onClick={() => { cancel.mutate(); }}>{t('job.cancel')}</Button>
      <ProblemNotice error={cancel.error} />
    </div>
  );
}
