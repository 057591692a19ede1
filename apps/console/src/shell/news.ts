import { useEffect, useState } from 'react';
import { VIEW } from '../api/session';
import { useRecorded } from '../kit/names';

/**
 * While the page is looked at, what others record reaches it by itself; false while the platform cannot be heard. A page
 * that is not looked at lets go: a browser has six connections for all pages of one address.
 */
export function useNews(): boolean {
  const [live, setLive] = useState(true);
  const recorded = useRecorded();
  useEffect(() => {
    if (VIEW === 'city') return;
    let source: EventSource | undefined;
    const listen = () => {
      if (document.hidden || source) return;
      source = new EventSource('/api/v1/news');
      source.onopen = () => setLive(true);
      source.onerror = () => setLive(false);
      source.addEventListener('recorded', recorded);
    };
    const follow = () => {
      if (document.hidden) {
        source?.close();
        source = undefined;
        return;
      }
      // What was recorded meanwhile was not heard.
      if (!source) recorded();
      listen();
    };
    listen();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      source?.close();
    };
  }, [recorded]);
  return live;
}
