import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DomainEvent } from '#libs/eventing';
import { upcasters } from '../../apps/platform/src/contexts.js';
import { changedShapes, declaredShapes, departures, withNewShapes, type Shapes } from './shapes.js';

/**
 * The shape of every stored type is committed in shapes.json, and stays. RECORD_SHAPES=1 adds those of new types, and
 * never changes one.
 */
const FILE = join(__dirname, 'shapes.json');
const ROOT = join(__dirname, '..', '..');

const committed = (): Shapes => JSON.parse(readFileSync(FILE, 'utf8')) as Shapes;
const today = declaredShapes();

if (process.env['RECORD_SHAPES'] === '1') {
  const before = existsSync(FILE) ? committed() : {};
  writeFileSync(FILE, `${JSON.stringify(withNewShapes(before, today), null, 2)}\n`);
}

it('every stored type has the shape that was committed', () => {
  expect(Object.keys(committed()).length).toBeGreaterThan(30);
  expect(changedShapes(committed(), today).join('\n')).toBe('');
});

it('every new type has been recorded', () => {
  const added = [...today.keys()].filter((type) => !(type in committed()));
  const advice = 'record once what they look like: RECORD_SHAPES=1 npx jest test/histories/shapes';
  expect(added.length === 0 ? '' : `${added.join(', ')}: ${advice}`).toBe('');
});

describe('a changed shape is found', () => {
  const carriers = 'libs/contexts/carriers/src/carriers.events.ts';
  const edited = (from: string, to: string, file = carriers) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    expect([from, text.includes(from)]).toEqual([from, true]);
    return declaredShapes({ [file]: text.replace(from, to) });
  };
  const changed = (from: string, to: string, file?: string) => changedShapes(committed(), edited(from, to, file));

  it('where a field may no longer be null, with what to do', () => {
    expect(changed('agreementUntil: string | null;', 'agreementUntil: string;')).toEqual([
      'carrier.filed.v2 is not as it was committed: agreementUntil was string | null, is string.\n' +
        '  What is stored does not change. Declare carrier.filed.v2 in libs/contexts/carriers/src/carriers.events.ts as it ' +
        'was, as superseded; add carrier.filed.v3 with the new shape, an upcaster from one to the other in ' +
        'carriers.upcasters.ts, and a history: docs/adding-a-version-of-an-event.md.',
    ]);
  });
  it('where a field is renamed, retyped, made optional or added', () => {
    expect(changed('agreementUntil: string | null;', 'until: string | null;')[0]).toContain(
      'agreementUntil was string | null, is not there; until was not there, is string | null',
    );
    expect(changed('readonly desks: number;', 'readonly desks: string;')).toHaveLength(8);
    expect(changed('readonly uscc: string;', 'readonly uscc?: string;')[0]).toContain('is string | absent');
    expect(changed('{ reason: string }', '{ reason: string; from: string }')[0]).toContain('carrier.suspended.v1');
  });
  it('where it lies in what events share with the fields of forms', () => {
    const types = changed('readonly clause!: string;', 'readonly clause!: number;', 'libs/fields/src/basis.ts');
    expect(types.length).toBeGreaterThan(10);
    expect(types[0]).toContain('basis.clause was string, is number');
  });
  it('where a type is declared no more, though another follows it', () => {
    expect(changed("'carrier.filed.v1'", "'carrier.filed.v7'")[0]).toContain(
      'carrier.filed.v1 is not as it was committed: it is declared no more',
    );
  });
  it('and is not recorded over', () => {
    const renamed = edited("'carrier.resumed.v1'; data: OfCarrier", "'carrier.new.v1'; data: OfCarrier");
    const retyped = edited('readonly desks: number;', 'readonly desks: string;');
    const recorded = withNewShapes(committed(), new Map([...renamed, ...retyped]));
    const before = withNewShapes(committed(), today);
    expect(recorded).toEqual({ ...before, 'carrier.new.v1': before['carrier.resumed.v1'] });
  });
});

const histories = readdirSync(__dirname).filter((file) => file.endsWith('.jsonl'));
const stored = (file: string) =>
  readFileSync(join(__dirname, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DomainEvent);

it.each(histories)('what stands in %s has the shapes', (file) => {
  for (const { type, data } of stored(file)) {
    expect([type, departures(data, committed()[type] ?? {})]).toEqual([type, []]);
  }
});

it('what departs from a shape is found', () => {
  const shape = committed()['space.added.v1']!;
  const data = stored('release-1.jsonl').find(({ type }) => type === 'space.added.v1')!.data;
  const { desks: _, ...withoutDesks } = data as { desks: number };
  expect(departures({ ...withoutDesks, unit: 7, floor: 3 }, shape).sort()).toEqual([
    'desks is missing',
    'floor is not in the shape',
    'unit is number, not string',
  ]);
});

it('every version but the newest is read through an upcaster, and makes the shape of the next', () => {
  const superseded = [...today.keys()].filter((type) => {
    const [, name, version] = /^(.+\.v)(\d+)$/.exec(type)!;
    return today.has(`${name}${Number(version) + 1}`);
  });
  expect(Object.keys(upcasters).sort()).toEqual(superseded.sort());
  for (const event of histories.flatMap(stored).filter(({ type }) => type in upcasters)) {
    const upcast = (upcasters[event.type] as (data: object) => DomainEvent)(event.data);
    expect([upcast.type, departures(upcast.data, committed()[upcast.type] ?? {})]).toEqual([upcast.type, []]);
  }
});
