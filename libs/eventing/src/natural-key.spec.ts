import { specification } from '#libs/testing';
import { naturalKey, type NaturalKeyEvent } from './natural-key.js';

class Fields {
  readonly on!: string;
  readonly kind!: string;
  readonly value!: string;
  readonly holder!: string;
  readonly after?: number;
}
const { given } = specification(naturalKey, { ClaimKey: Fields, ReleaseKey: Fields }, undefined);
const by = { id: 'p', role: 'province' } as const;
const key = { kind: 'registration', value: 'r-1' };
const claimed = (holder: string): NaturalKeyEvent => ({ type: 'key.claimed.v1', data: { ...key, holder } });
const released = (holder: string): NaturalKeyEvent => ({ type: 'key.released.v1', data: { ...key, holder } });
const claim = (history: NaturalKeyEvent[], holder: string, after?: number) =>
  given(...history).when('ClaimKey', { on: '2023-01-01', ...key, holder, after }, by);

it('is of who claims it first, as often as he likes', () => {
  claim([], 'a').then(claimed('a'));
  claim([claimed('a')], 'a').then(claimed('a'));
  claim([claimed('a')], 'b').refused('key.held');
  claim([claimed('a')], 'b').says('r-1', 'a');
});
it('is free when each claim was given back, and not before', () => {
  claim([claimed('a'), released('a')], 'b').then(claimed('b'));
  claim([claimed('a'), claimed('a'), released('a')], 'b').refused('key.held');
  claim([claimed('a'), claimed('a'), released('a'), released('a')], 'b').then(claimed('b'));
  given(claimed('a'), released('a'), claimed('b'))
    .when('ReleaseKey', { on: '2023-01-01', ...key, holder: 'a' }, by)
    .then();
});
it('is taken over only from a holder that has not claimed it again since', () => {
  claim([claimed('a')], 'b', 1).then(claimed('b'));
  claim([claimed('a'), claimed('a')], 'b', 1).refused('key.held');
  claim([claimed('a'), claimed('b')], 'a').refused('key.held');
});
