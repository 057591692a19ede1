import { naturalKeyEvents, processEvents } from '#libs/eventing';
import { lists } from '#libs/messages';
import { contexts } from '../apps/platform/src/contexts.js';
import { auditor, operator, startTestPlatform, type TestPlatform } from './test-platform.js';

/** What the catalogue says of a column, a dimension, a command: as a program reads it. */
interface Told {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly [more: string]: unknown;
}
interface Column extends Told {
  readonly kind: string;
  readonly values?: Record<string, { zh: string; en: string }>;
  readonly parts?: Column[];
  readonly of?: Column;
  readonly list?: string;
  readonly field?: string;
}
interface Command extends Told {
  readonly operation: string;
  readonly acts: { list: string; key: Record<string, string> }[];
}
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly 'x-text'?: { zh: string; en: string };
  readonly 'x-values'?: Record<string, { zh: string; en: string }>;
  readonly 'x-look-up'?: string;
  readonly 'x-codes'?: string;
  readonly 'x-new'?: true;
  readonly 'x-unit'?: { zh: string; en: string };
  readonly 'x-money'?: true;
}

let platform: TestPlatform;
let catalogue: {
  contexts: Told[];
  lists: (Told & { key: string[]; columns: Column[] })[];
  figures: (Told & Record<'dimensions' | 'measures' | 'rates', Record<string, Told & Column>>)[];
  commands: Command[];
  events: Record<string, { zh: string; en: string }>;
};
let schemas: Record<string, Schema>;

beforeAll(async () => {
  platform = await startTestPlatform();
  catalogue = (await platform.send(auditor, 'GET', '/api/v1/catalogue')).body;
  schemas = (await platform.send(null, 'GET', '/openapi.json')).body.components.schemas;
});
afterAll(() => platform.close());

/** What is wrong with a label: pages have little room above a column, and none for a sentence. */
function faulty(said: { zh?: string; en?: string } | undefined): boolean {
  const { zh = '', en = '' } = said ?? {};
  return (
    zh === '' ||
    en === '' ||
    [...zh].length > 24 ||
    en.length > 40 ||
    /[;；]/.test(zh + en) ||
    /\p{Script=Han}/u.test(en)
  );
}

const columnsBelow = (columns: readonly Column[], at: string): [string, Column][] =>
  columns.flatMap((column) => [
    [`${at}.${column.name}`, column],
    ...columnsBelow([...(column.parts ?? []), ...(column.of ? [column.of] : [])], `${at}.${column.name}`),
  ]);
const columns = () => catalogue.lists.flatMap((list) => columnsBelow(list.columns, list.name));

/** What a schema refers to, whichever way it does. */
function plain(schema: Schema): Schema {
  const { $ref = schema.allOf?.[0]?.$ref } = schema;
  return $ref === undefined ? schema : schemas[$ref.split('/').at(-1)!]!;
}

/** Every field of what is sent, at any depth. */
const fieldsOf = (schema: Schema, at: string): [string, Schema][] =>
  Object.entries(plain(schema).properties ?? {}).flatMap(([name, field]) => [
    [`${at}.${name}`, field],
    ...fieldsOf(field.items ? field.items : field, `${at}.${name}`),
  ]);
const commandFields = () => catalogue.commands.flatMap(({ operation }) => fieldsOf(schemas[operation]!, operation));
const fieldOf = (command: string, name: string) => schemas[command]!.properties![name]!;

it('names each list, figure, column and event shortly, in both languages', () => {
  const labels: [string, { zh: string; en: string }][] = [
    ...catalogue.contexts.map((one): [string, Told] => [one.name, one]),
    ...catalogue.lists.map((one): [string, Told] => [one.name, one]),
    ...catalogue.figures.map((one): [string, Told] => [one.name, one]),
    ...columns(),
    ...catalogue.figures.flatMap(({ name, dimensions, measures, rates }) =>
      Object.entries({ ...dimensions, ...measures, ...rates }).map(([of, said]): [string, Told] => [
        `${name}.${of}`,
        said,
      ]),
    ),
    ...Object.entries(catalogue.events),
  ];
  expect(labels.length).toBeGreaterThan(200);
  expect(labels.filter(([, said]) => faulty(said)).map(([name, { zh, en }]) => [name, zh, en])).toEqual([]);
  expect(['', 'x'.repeat(41), 'a; b'].every((en) => faulty({ zh: '状态', en }))).toBe(true);
});

it('has all lists and figures, each of one context', () => {
  expect(catalogue.lists.map(({ name }) => name).sort()).toEqual(lists.map(({ name }) => name).sort());
  for (const { name, context } of [...catalogue.lists, ...catalogue.figures])
    expect([name, catalogue.contexts.map((one) => one.name)]).toEqual([name, expect.arrayContaining([context])]);
});

it('says each value of a choice, and what a column names', () => {
  const choices = columns().filter(([, { kind }]) => kind === 'choice');
  expect(choices.length).toBeGreaterThan(10);
  for (const [name, { values = {} }] of choices) {
    expect([name, Object.keys(values).length]).not.toEqual([name, 0]);
    for (const said of Object.values(values)) expect([name, said, faulty(said)]).toEqual([name, said, false]);
  }
  const keys = new Map(catalogue.lists.map(({ name, key }) => [name, key.at(-1)]));
  for (const [name, { list, field }] of columns().filter(([, one]) => one.list !== undefined))
    expect([name, list, keys.get(list!)]).toEqual([name, list, field]);
});

it('describes a list, a figure and a command', () => {
  const carriers = catalogue.lists.find(({ name }) => name === 'carriers')!;
  expect(carriers).toMatchObject({ context: 'carriers', zh: '载体', en: 'Carriers', key: ['carrier'] });
  const column = (name: string) => carriers.columns.find((one) => one.name === name);
  expect(column('status')).toMatchObject({ kind: 'choice', nullable: false, zh: '状态', en: 'Status' });
  expect(column('status')!.values).toMatchObject({ open: { zh: '已开园', en: 'Open' } });
  expect(column('kind')).toMatchObject({ kind: 'text', codes: 'carrier-kinds' });
  expect(column('home')).toMatchObject({ kind: 'region', nullable: true, list: 'regions', field: 'region' });
  expect(column('basis')!.parts!.map(({ name }) => name)).toEqual(['document', 'clause']);
  const regions = catalogue.lists.find(({ name }) => name === 'regions')!;
  expect(regions.columns.find(({ name }) => name === 'into')).toMatchObject({
    kind: 'several',
    of: { kind: 'region' },
  });

  const flows = catalogue.figures.find(({ name }) => name === 'flows')!;
  expect(flows.dimensions['output']).toEqual({ zh: '输出区域', en: 'Output region', region: true, list: 'regions' });
  expect(flows.dimensions['type']!.values).toMatchObject({ transfer: { zh: '转让', en: 'Transfer' } });
  expect(flows.measures['amountFen']).toMatchObject({ kind: 'flow', decimals: 0, unit: { zh: '分', en: 'fen' } });

  expect(catalogue.commands.find(({ name }) => name === 'reverse-allocation')).toEqual({
    name: 'reverse-allocation',
    context: 'carriers',
    path: '/api/v1/carriers/reverse-allocation',
    operation: 'ReverseAllocation',
    zh: '冲销空间分配（飞出地）',
    en: 'Reverse an allocation (home)',
    roles: ['operator'],
    acts: [
      { list: 'carriers', key: { carrier: 'carrier' } },
      { list: 'allocations', key: { carrier: 'carrier', allocation: 'allocation' } },
    ],
  });
});

it('says what commands act on, as far as it is there already', () => {
  const acts = (operation: string) =>
    catalogue.commands.find((one) => one.operation === operation)!.acts.map(({ list }) => list);
  expect(acts('AddSpaceUnit')).toEqual(['carriers']);
  expect(acts('RegisterPlace')).toEqual([]);
  expect(acts('RevokeHub')).toEqual(['hubs']);
  expect(acts('EndRegionCode')).toEqual(['regions', 'region-codes']);
  expect(acts('ReverseExit')).toEqual(expect.arrayContaining(['incubatees']));
  expect(acts('EndCode')).toEqual(['codes']);
  expect(acts('DefineRegionGroup')).toEqual(['region-groups']);
  // What is declared names a list and fields that there are.
  for (const { operation, acts: all } of catalogue.commands)
    for (const { list, key } of all) {
      const known = catalogue.lists.find(({ name }) => name === list)?.key;
      expect([operation, list, known]).toEqual([operation, list, expect.arrayContaining(Object.keys(key))]);
      for (const field of Object.values(key)) expect(Object.keys(schemas[operation]!.properties!)).toContain(field);
    }
});

it('says of each list which commands act on its things, as far as what waits is dealt with by them', () => {
  for (const { name, waiting } of contexts)
    for (const { kind, list, commands } of waiting)
      for (const command of commands) {
        const { acts } = catalogue.commands.find(
          ({ operation, context }) => operation === command && context === name,
        )!;
        expect([kind, command, acts.map((one) => one.list)]).toEqual([
          kind,
          command,
          expect.arrayContaining([list.name]),
        ]);
      }
});

it('has a text for every stored event', () => {
  const today = contexts.flatMap(({ decider }) => Object.keys(decider.evolve));
  const earlier = contexts.flatMap(({ upcasters }) => Object.keys(upcasters));
  const others = Object.keys({ ...naturalKeyEvents, ...processEvents });
  const types = [...today, ...earlier, ...others];
  expect(types.filter((type) => !(type in catalogue.events))).toEqual([]);
  expect(Object.keys(catalogue.events).filter((type) => !types.includes(type))).toEqual([]);
});

it('describes each field of each command, nested ones too', () => {
  const fields = commandFields();
  expect(fields.length).toBeGreaterThan(200);
  expect(fields.filter(([, field]) => faulty(field['x-text'])).map(([name, field]) => [name, field['x-text']])).toEqual(
    [],
  );
  for (const [name, field] of fields.filter(([, one]) => one.enum !== undefined)) {
    expect([name, Object.keys(field['x-values'] ?? {})]).toEqual([name, field.enum]);
    for (const said of Object.values(field['x-values']!))
      expect([name, said, faulty(said)]).toEqual([name, said, false]);
  }
  for (const [name, { type, items }] of fields.filter(([, one]) => one.type === 'array'))
    expect([name, type, items?.type]).toEqual([name, type, 'string']);
  const known = lists.map((list) => list.name as string);
  for (const [name, { 'x-look-up': list }] of fields)
    if (list !== undefined) expect([name, known]).toEqual([name, expect.arrayContaining([list])]);
});

it('tells what is new, a code, an amount and a measure', () => {
  for (const [command, field] of [
    ['ProposeCarrier', 'carrier'],
    ['RegisterRegion', 'region'],
    ['FileContract', 'contract'],
    ['RecordUse', 'use'],
  ] as const) {
    expect([command, fieldOf(command, field)['x-new'], fieldOf(command, field)['x-look-up']]).toEqual([
      command,
      true,
      undefined,
    ]);
  }
  expect(fieldOf('SignAsHome', 'carrier')).toMatchObject({ 'x-look-up': 'carriers' });
  expect(fieldOf('ProposeCarrier', 'kind')).toMatchObject({ 'x-codes': 'carrier-kinds', 'x-look-up': 'codes' });
  expect(fieldOf('PlanZone', 'kind')).toMatchObject({ 'x-codes': 'zone-kinds' });
  expect(fieldOf('OpenLink', 'kind')).toMatchObject({ 'x-codes': 'link-kinds' });
  expect(fieldOf('FileContract', 'amountFen')).toMatchObject({ 'x-money': true, 'x-unit': { zh: '分', en: 'fen' } });
  expect(fieldOf('AddSpaceUnit', 'areaSquareMetres')).toMatchObject({ 'x-unit': { zh: '平方米', en: 'm²' } });
  expect(fieldOf('RecordUse', 'hours')).toMatchObject({ 'x-unit': { zh: '小时', en: 'hours' } });
});

it('is the same for everyone, and is sent once', async () => {
  const first = await platform.send(operator('xianyang'), 'GET', '/api/v1/catalogue');
  expect([first.status, first.body]).toEqual([200, catalogue]);
  const tag = first.headers.get('etag')!;
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
    const again = await platform.send(auditor, 'GET', '/api/v1/catalogue', undefined, { 'if-none-match': known });
    expect([known, again.status, again.body, again.headers.get('etag')]).toEqual([known, 304, '', tag]);
  }
  const other = await platform.send(auditor, 'GET', '/api/v1/catalogue', undefined, { 'if-none-match': '"other"' });
  expect(other.status).toBe(200);
});
