import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import type { Returned } from '../connect/returned.ts';
import { ServicesContext, type Services } from '../services.ts';
import { App } from './app.tsx';

const theme = createTheme({
  ...{
    primaryColor: 'indigo',
    primaryShade: 8,
    cursorType: 'pointer',
    defaultRadius: 'md',
    respectReducedMotion: true,
  },
  components: { Badge: { defaultProps: { tt: 'none', fw: 600 } } },
});

/** All of the page, the same when it is built and in the browser: what the one has drawn, the other takes over. */
export function PageRoot({ services, returned }: { services: Services; returned: Returned | null }) {
  return (
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={services.queries}>
          <ServicesContext value={services}>
            <App returned={returned} />
          </ServicesContext>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}
