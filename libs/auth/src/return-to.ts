/** As much of it as fits into a cookie beside what else is kept while someone signs in. */
const MAX_LENGTH = 1000;

/**
 * Where to go after signing in: a path on this origin, else its root. Browsers take `//host` and `/\host` for another origin
 * and drop tabs and line ends before they look (WHATWG URL, 4.4), so that these are refused wherever they stand
 * (RFC 9700, 4.11: no open redirect).
 */
export function returnTo(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > MAX_LENGTH) return '/';
  // Printable ASCII, as a request target and a Location are made of: other characters come percent-encoded.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(wanted)) return '/';
  if (wanted.includes('\\') || wanted.includes('//')) return '/';
  return wanted;
}
