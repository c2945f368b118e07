import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { need } from '../api/api';
import { useApi, useSessionState } from '../api/ApiContext';
import { remember, remembered } from '../parts/remember';
import type { Language } from '../text/catalogues';
import { TextProvider } from '../text/TextProvider';
import { DatesContext, makeDates } from '../time/useDates';
import { ChangePassword } from './ChangePassword';
import { ConnectionBanner } from './ConnectionBanner';
import { DraftsProvider } from './drafts';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

const languageKey = 'language';

/** Chooses between sign-in, the forced first password change, and the shell. */
export function App() {
  const { client, store } = useApi();
  const state = useSessionState();
  const queries = useQueryClient();
  const [guess, setGuess] = useState<Language>(() => remembered<Language>(languageKey) ?? 'ja');
  // Chosen at the door: goes before the stored preference, and becomes it as soon as the server accepts one.
  const [chosen, setChosen] = useState<Language | null>(null);
  const session = state.kind === 'signed-in' ? state.session : null;
  const language = chosen ?? session?.preferences.language ?? guess;
  const zone = session?.time_zone ?? 'UTC';
  // Eras are for Japanese readers; in an English sentence they would be signs between words.
  const style = language === 'ja' ? (session?.preferences.date_style ?? 'iso') : 'iso';
  const dates = useMemo(() => makeDates(zone, style), [zone, style]);

  useEffect(() => {
    // A refusal leaves the store signed out; a lost connection shows the banner, which tries again.
    need(client.GET('/api/v1/session')).then((found) => { store.signedIn(found); }, () => undefined);
  }, [client, store]);
  useEffect(() => {
    if (!session || session.password_change_required || chosen === null) return;
    setChosen(null);
    if (session.preferences.language === chosen) return;
    const preferences = { ...session.preferences, language: chosen };
    store.prefer(preferences);
    // If it cannot be stored the choice still holds for this session.
    need(client.PUT('/api/v1/preferences', { body: preferences })).catch(() => undefined);
  }, [client, store, session, chosen]);
  useEffect(() => {
    setGuess(language);
    remember(languageKey, language);
  }, [language]);
  useEffect(() => {
    // Nothing one person has read may be left for the next one at the same browser.
    if (state.kind === 'signed-out') queries.clear();
  }, [state.kind, queries]);

  return (
    <DatesContext value={dates}>
      <TextProvider language={language}>
        <ConnectionBanner />
        {state.kind === 'signed-out' && <SignIn language={language} onLanguage={setChosen} />}
        {session?.password_change_required && <ChangePassword forced />}
        {session && !session.password_change_required && <DraftsProvider><Shell /></DraftsProvider>}
      </TextProvider>
    </DatesContext>
  );
}
