import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { need } from '../api/api';
import { useApi, useSession } from '../api/ApiContext';
import { Icon } from '../parts/Icon';
import { ProblemNotice } from '../parts/ProblemNotice';
import { useText } from '../text/TextProvider';
import type { Language } from '../text/catalogues';
import { LanguageSwitch } from './LanguageSwitch';
import { Navigation } from './Navigation';
import { PageBoundary } from './PageBoundary';
import { Pages } from './Pages';
import { SessionWatch } from './SessionWatch';
import { usePreferences } from './usePreferences';
import { Wordmark } from './Wordmark';

const navigationId = 'd-navigation';

export function Shell() {
  const { t } = useText();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      menu.current?.focus();
    };
    document.addEventListener('keydown', escape);
    return () => { document.removeEventListener('keydown', escape); };
  }, [open]);
  return (
    <>
      <a className="d-skip" href="#main">{t('skip')}</a>
      <div className="d-shell" data-open={open || undefined}>
        <header className="d-top">
          <button
            type="button" className="d-menu" ref={menu} aria-expanded={open} aria-controls={navigationId}
            aria-label={t('nav.menu')} onClick={() => { setOpen(!open); }}
          >
            <Icon name={open ? 'close' : 'menu'} />
          </button>
          <Wordmark small />
          <Account />
        </header>
        <Navigation id={navigationId} onChoose={() => { setOpen(false); }} />
        <div className="d-veil" onClick={() => { setOpen(false); }} />
        <main id="main" tabIndex={-1} className="d-main">
          <PageBoundary at={pathname}><Pages /></PageBoundary>
        </main>
      </div>
      <SessionWatch />
    </>
  );
}

function Account() {
  const { client, store } = useApi();
  const session = useSession();
  const navigate = useNavigate();
  const { t, language } = useText();
  const preferences = usePreferences();
  const signOff = useMutation({
    mutationFn: () => need(client.DELETE('/api/v1/session')),
    onSuccess: () => {
      store.signedOut();
      void navigate('/');
    },
  });
  const choose = (chosen: Language) => { preferences.mutate({ ...session.preferences, language: chosen }); };
  return (
    <div className="d-account">
      <span className="d-organisation">{session.organisation_name}</span>
      <LanguageSwitch language={language} onChoose={choose} />
      <span className="d-person"><Icon name="person" />{session.person.display_name}</span>
      <button type="button" className="d-tool" disabled={signOff.isPending} onClick={() => { signOff.mutate(); }}>
        <Icon name="out" />{t('signoff')}
      </button>
      <ProblemNotice error={signOff.error ?? preferences.error} />
    </div>
  );
}
