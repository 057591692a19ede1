import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { get } from './http';

/** `city`: the page of a city's own sub-platform, which has no sign-in. */
export type Role = 'province' | 'operator' | 'auditor' | 'sub-platform';
export interface SignedIn {
  readonly signedIn: true;
  readonly actor: string;
  readonly role: Role;
  readonly region?: string;
  readonly expiresAt: string;
}
export type Session = SignedIn | { readonly signedIn: false };

/** Which server this page is of: the platform's, or a city's sub-platform's, which asks nobody to sign in. */
export const VIEW =
  document.querySelector<HTMLMetaElement>('meta[name=liandong-view]')?.content === 'city' ? 'city' : 'platform';

const OF_A_CITY: Session = { signedIn: true, actor: '', role: 'sub-platform', expiresAt: '' };

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => (VIEW === 'city' ? OF_A_CITY : get<Session>('/auth/session', {}, signal)),
  staleTime: 60_000,
  refetchOnWindowFocus: true,
  meta: { still: true },
});

/** Who has signed in; the shell shows nothing else to those who have not. */
export function useActor(): SignedIn {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data.signedIn) throw new Error('nobody has signed in');
  return data;
}

export const signInAddress = (returnTo: string): string =>
  `/auth/login?${new URLSearchParams({ returnTo }).toString()}`;

export async function signOut(): Promise<void> {
  const { redirect } = await fetch('/auth/logout', {
    method: 'POST',
    headers: { 'X-Requested-With': 'liandong' },
  }).then((response) => response.json() as Promise<{ redirect: string }>);
  window.location.assign(redirect);
}
