import { evolve, isRefusal, type Actor } from '#libs/eventing';
import { knownCodes } from '#libs/contexts/codes';
import { actsFor } from './authority.lifecycle.js';
import { topology, type Topology } from './topology.decider.js';

const by: Actor = { id: 'p', role: 'province' };
const given = { by, world: { codes: knownCodes() } };
const basis = { document: 'd', clause: 'c' };
const on = '2023-01-01';

type Command = keyof typeof topology.decide;
const decided = (state: Topology, name: Command, fields: object) =>
  (topology.decide[name] as (...asked: unknown[]) => ReturnType<(typeof topology.decide)['GrantAuthority']>)(
    { on, basis, ...fields },
    state,
    given,
  );
function after(...steps: readonly (readonly [Command, object])[]): Topology {
  return steps.reduce<Topology>((state, [name, fields]) => {
    const decision = decided(state, name, fields);
    if (isRefusal(decision)) throw new Error(`${name}: ${decision.code}`);
    return decision.reduce((s, event) => evolve(topology, s, event, (fields as { on?: string }).on ?? on), state);
  }, topology.initial);
}
const region = (id: string, level: string, parent?: string) =>
  ['RegisterRegion', { region: id, name: id, level, parent }] as const;
const tree = [
  region('shaanxi', 'province'),
  region('xixian', 'city', 'shaanxi'),
  region('xianyang', 'city', 'shaanxi'),
  region('fengdong', 'park', 'xixian'),
  region('street', 'town', 'fengdong'),
] as const;
const grant = ['GrantAuthority', { region: 'fengdong' }] as const;

it.each([
  ['a region for itself', 'fengdong', 'fengdong', [], true],
  ['one for what lies inside it, however deep', 'xixian', 'street', [], true],
  ['one for what does not', 'xianyang', 'fengdong', [], false],
  ['one for what it lies in', 'fengdong', 'xixian', [], false],
  ['one for what is not registered', 'xixian', 'nowhere', [], false],
  ['the province for all of it', 'shaanxi', 'xixian', [], false],
  ['one for what has an authority of its own', 'xixian', 'fengdong', [grant], false],
  ['that one for itself', 'fengdong', 'fengdong', [grant], true],
  ['one beyond another that has', 'xixian', 'street', [grant], false],
  ['that one for what lies inside it', 'fengdong', 'street', [grant], true],
  ['one whose authority has ended', 'xixian', 'fengdong', [grant, ['EndAuthority', { region: 'fengdong' }]], true],
  ['who administers it', 'xianyang', 'fengdong', [['AdministerRegion', { region: 'fengdong', by: 'xianyang' }]], true],
  [
    'the parent in whose place',
    'xixian',
    'fengdong',
    [['AdministerRegion', { region: 'fengdong', by: 'xianyang' }]],
    false,
  ],
  ['who took it over', 'xianyang', 'street', [['EndRegion', { region: 'street', into: ['xianyang'] }]], true],
  ['what it lay in before', 'fengdong', 'street', [['EndRegion', { region: 'street', into: ['xianyang'] }]], false],
] as const)('%s: %s for %s', (_, who, whom, steps, acts) => {
  expect(actsFor(after(...tree, ...steps), who, whom)).toBe(acts);
});

it.each([
  ['GrantAuthority', { region: 'nowhere' }, [], 'region.unknown'],
  ['GrantAuthority', { region: 'fengdong' }, [grant], 'authority.granted'],
  ['GrantAuthority', { region: 'fengdong', on: '2022-12-31' }, [], 'fact.too-early'],
  [
    'GrantAuthority',
    { region: 'fengdong', on: '2023-01-31' },
    [grant, ['EndAuthority', { region: 'fengdong', on: '2023-02-01' }]],
    'fact.too-early',
  ],
  ['GrantAuthority', { region: 'street' }, [['EndRegion', { region: 'street' }]], 'region.ended'],
  ['EndAuthority', { region: 'fengdong' }, [], 'authority.none'],
  ['EndAuthority', { region: 'fengdong', on: '2022-12-31' }, [grant], 'fact.too-early'],
] as const)('%s %j is refused', (name, fields, steps, code) => {
  expect(decided(after(...tree, ...steps), name, fields)).toMatchObject({ refused: true, code });
});

it('administers nothing that it lies in', () => {
  const state = after(...tree, ['AdministerRegion', { region: 'fengdong', by: 'xianyang' }]);
  expect(decided(state, 'AdministerRegion', { region: 'fengdong', by: 'street' })).toMatchObject({
    code: 'region.administers-itself',
  });
  expect(decided(state, 'AdministerRegion', { region: 'xianyang', by: 'fengdong' })).toMatchObject({
    code: 'region.administers-itself',
  });
});
