import { useMutation } from '@tanstack/react-query';
import { need } from '../api/api';
import { useApi } from '../api/ApiContext';
import type { Schemas } from '../api/problem';

/** Stores how the person likes to see things and applies it at once. */
export function usePreferences() {
  const { client, store } = useApi();
  return useMutation({
    mutationFn: (body: Schemas['Preferences']) => need(client.PUT('/api/v1/preferences', { body })),
    onSuccess: (stored) => { store.prefer(stored); },
  });
}
