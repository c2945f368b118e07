import { createContext, useContext, useSyncExternalStore, type ReactNode } from 'react';
import type { Client } from './api';
import type { Connection } from './connection';
import type { Schemas } from './problem';
import type { Session, SessionState, SessionStore } from './session-store';

export interface ApiParts {
  readonly client: Client;
  readonly store: SessionStore;
  readonly connection: Connection;
}

const ApiContext = createContext<ApiParts | null>(null);

export function ApiProvider({ parts, children }: { readonly parts: ApiParts; readonly children: ReactNode }) {
  return <ApiContext value={parts}>{children}</ApiContext>;
}

export function useApi(): ApiParts {
  const parts = useContext(ApiContext);
  if (!parts) throw new Error('useApi outside of ApiProvider');
  return parts;
}

export function useSessionState(): SessionState {
  const { store } = useApi();
  return useSyncExternalStore(store.subscribe, store.state);
}

/** The signed-in session. Only for what is drawn inside the signed-in shell. */
export function useSession(): Session {
  const state = useSessionState();
  if (state.kind !== 'signed-in') throw new Error('useSession outside of the signed-in shell');
  return state.session;
}

export function useMay(): (permission: Schemas['Permission']) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}
