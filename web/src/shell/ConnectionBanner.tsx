import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { need } from '../api/api';
import { useApi } from '../api/ApiContext';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { useText } from '../text/TextProvider';

const retryEveryMs = 10_000;

/** Tells that the server cannot be reached, tries again by itself and on demand. */
export function ConnectionBanner() {
  const { client, connection, store } = useApi();
  const queries = useQueryClient();
  const { t } = useText();
  const lost = useSyncExternalStore(connection.subscribe, connection.lost);
  const [trying, setTrying] = useState(false);

  useEffect(() => {
    const gone = () => { connection.report(true); };
    window.addEventListener('offline', gone);
    return () => { window.removeEventListener('offline', gone); };
  }, [connection]);

  const retry = async () => {
    setTrying(true);
    try {
      const session = await need(client.GET('/api/v1/session'));
      store.signedIn(session);
      await queries.invalidateQueries();
    } catch {
      // Still lost, or signed out meanwhile: the banner or the sign-in says so.
    } finally {
      setTrying(false);
    }
  };
  useEffect(() => {
    if (!lost) return;
    const timer = window.setInterval(() => void retry(), retryEveryMs);
    return () => { window.clearInterval(timer); };
  });

  if (!lost) return null;
  return (
    <div className="d-banner">
      <Notice level="error" live action={<Button small busy={trying} onClick={() => void retry()}>{t('retry')}</Button>}>
        <p><strong>{t('connection.lost')}</strong> {t('connection.kept')}</p>
      </Notice>
    </div>
  );
}
