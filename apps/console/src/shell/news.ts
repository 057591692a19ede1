import { useEffect, useState } from 'react';
import { VIEW } from '../api/session';
import { useRecorded } from '../kit/names';

/** While the page is open, what others record reaches it by itself; false while the platform cannot be heard. */
export function useNews(): boolean {
  const [live, setLive] = useState(true);
  const recorded = useRecorded();
  useEffect(() => {
    if (VIEW === 'city') return;
    const source = new EventSource('/api/v1/news');
    let heard = 0;
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.addEventListener('recorded', () => {
      // The first tells how things stand, which was just read.
      if (heard++ > 0) recorded();
    });
    return () => source.close();
  }, [recorded]);
  return live;
}
