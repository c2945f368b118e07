import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { idleSecondsMax, need } from '../api/api';
import { useApi, useSession, useSessionState } from '../api/ApiContext';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Notice';
import { useText } from '../text/TextProvider';
import { SignInForm } from './SignIn';

const warnSeconds = 60;
/** Typing and clicking are told to the server at most this often. */
const activityEverySeconds = 45;
/** Near the end another tab may have gone on: the server is asked. */
const askEveryTicks = 15;

/** Warns before the server cuts the session, and lets the same person come back without losing the page. */
export function SessionWatch() {
  const { client, store } = useApi();
  const state = useSessionState();
  const { t } = useText();
  const [left, setLeft] = useState(() => store.secondsLeft());
  const expired = state.kind === 'signed-in' && state.expired;

  useEffect(() => {
    if (expired) return;
    let ticks = 0;
    const timer = window.setInterval(() => {
      const seconds = store.secondsLeft();
      setLeft(seconds);
      ticks += 1;
      if (seconds > warnSeconds || (seconds > 0 && ticks % askEveryTicks !== 0)) return;
      need(client.GET('/api/v1/session')).then((session) => { store.signedIn(session); }, () => undefined);
    }, 1000);
    return () => { window.clearInterval(timer); };
  }, [client, store, expired]);

  const goOn = () => {
    // An ordinary request of the person: it starts the idle time anew. Failing shows as a lost or ended session.
    need(client.GET('/api/v1/preferences')).then(() => { setLeft(store.secondsLeft()); }, () => undefined);
  };
  useActivity(goOn, expired);

  if (expired) return <SignInAgain />;
  if (left > warnSeconds) return null;
  return (
    <div className="d-banner" data-place="bottom">
      <Notice level="warning" live action={<Button small kind="primary" onClick={goOn}>{t('session.goOn')}</Button>}>
        <p><strong>{t('session.warning')}</strong> <span aria-hidden="true">{t('session.left', { seconds: left })}</span></p>
      </Notice>
    </div>
  );
}

/** Reading and typing are work too: the server learns of it, so that a long text is not cut off in the middle. */
function useActivity(tell: () => void, stopped: boolean) {
  const { store } = useApi();
  const latest = useRef(tell);
  latest.current = tell;
  const lastToldMs = useRef(0);
  useEffect(() => {
    if (stopped) return;
    const acted = () => {
      const idle = idleSecondsMax - store.secondsLeft();
      const now = Date.now();
      if (idle < activityEverySeconds || now - lastToldMs.current < 5000) return;
      lastToldMs.current = now;
      latest.current();
    };
    window.addEventListener('keydown', acted);
    window.addEventListener('pointerdown', acted);
    return () => {
      window.removeEventListener('keydown', acted);
      window.removeEventListener('pointerdown', acted);
    };
  }, [store, stopped]);
}

/**
 * The page stays as it was, unreadable and out of reach, until the same person has signed in again: whatever was
 * typed is still there, and whoever passes by the unattended screen sees nothing.
 */
function SignInAgain() {
  const { store } = useApi();
  const session = useSession();
  const queries = useQueryClient();
  const { t } = useText();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const root = document.documentElement;
    const before = document.activeElement;
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLInputElement>('input[type=password]')?.focus();
    root.dataset['expired'] = 'true';
    // What lies below must not hear the keys: Escape would close a dialog that is to be kept as it is.
    const shield = (event: KeyboardEvent) => {
      event.stopPropagation();
      if (event.key === 'Escape') event.preventDefault();
    };
    const element = dialog.current;
    element?.addEventListener('keydown', shield);
    return () => {
      element?.removeEventListener('keydown', shield);
      delete root.dataset['expired'];
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return createPortal(
    <dialog
      ref={dialog} className="d-again" aria-labelledby="d-again-title"
      onCancel={(event) => { event.preventDefault(); }} onClose={() => { dialog.current?.showModal(); }}
    >
      <h2 id="d-again-title">{t('session.expired')}</h2>
      <p>{t('session.expiredKept')}</p>
      <SignInForm login={session.person.login} onDone={() => void queries.invalidateQueries()} />
      <Button kind="text" onClick={() => { store.signedOut(); }}>{t('session.asOther')}</Button>
    </dialog>,
    document.body,
  );
}
