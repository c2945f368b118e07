import 'smarthr-ui/smarthr-ui.css';
import './styles/theme.css';
import './styles/parts.css';
import './styles/grid.css';
import './styles/shell.css';
import './styles/pages.css';
import './styles/print.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { createApi } from './api/api';
import { ApiProvider } from './api/ApiContext';
import { Connection } from './api/connection';
import { ApiProblem } from './api/problem';
import { SessionStore } from './api/session-store';
import { App } from './shell/App';

const store = new SessionStore();
const connection = new Connection();
const client = createApi(store, connection);
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal does not change by asking again; a lost answer may.
      retry: (failures, error) => failures < 1 && !(error instanceof ApiProblem && error.problem.status < 500),
      refetchOnWindowFocus: false,
      staleTime: 10_000,
    },
    mutations: { retry: false },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <ApiProvider parts={{ client, store, connection }}>
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </ApiProvider>
  </StrictMode>,
);
