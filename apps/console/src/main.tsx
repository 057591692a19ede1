import './app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api/http';
import { LanguageProvider } from './kit/language';
import { ThemeProvider } from './kit/theme';
import { routerWith } from './shell/router';

/** A connection that failed, or a platform that restarts, is asked again; a refusal would be the same again. */
const passes = (error: unknown) => error instanceof Refused && (error.status === 0 || error.status >= 500);

const queries: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false,
      retry: (times, error) => passes(error) && times < 20,
      retryDelay: (times) => Math.min(500 * 2 ** times, 5_000),
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LanguageProvider>
        <ThemeProvider>
          <RouterProvider router={routerWith(queries)} />
        </ThemeProvider>
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
