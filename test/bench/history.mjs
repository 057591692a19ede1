// A long log of the sample's mix: what the sample's commands make of an empty platform, many times over.
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { from } from 'pg-copy-streams';
import { v5 as uuidV5 } from 'uuid';
import { loadSample } from '../../dist/apps/embedded/src/sample.js';
import { shaanxi } from '../../dist/deploy/sample/shaanxi/index.js';
import { cities, HUB } from '../../dist/deploy/sample/shaanxi/structure.js';
import { PostgresStore } from '../../dist/libs/eventing-postgres/src/index.js';
import { completeUscc } from '../../dist/libs/fields/src/index.js';

const homes = cities.filter(([id]) => id !== HUB);
/** Each city is a region, and has so many districts that are; copies take turns. */
const DISTRICTS = 9;
/** The sample is of 2023; the copies lie in these years, one after the other. */
const YEARS = [2014, 2023];
/** Copies that happen at the same time; what they make is one transaction. */
const ABREAST = 16;
const CHUNK_CHARACTERS = 1 << 18;
const DATABASE = 'sample';
/** The stream that there is only one of. */
const isStructure = ({ stream }) => stream === 'province-topology' || stream.startsWith('codes-');

const basis = { document: '示例数据', clause: '文件未列，仅供演示' };
const districtOf = (city, copy) => (copy % (DISTRICTS + 1) === 0 ? city : `${city}-${copy % (DISTRICTS + 1)}`);

/** The sample; districts; and one admission to each enclave, so that no figure is without rows. */
function commands() {
  const districts = homes.flatMap(([city, name]) =>
    Array.from({ length: DISTRICTS }, (_, i) => ({
      key: `${city}-${i + 1}`,
      phase: 1,
      group: 'topology',
      by: { role: 'province' },
      path: 'topology/register-region',
      body: {
        on: '2013-01-01',
        region: districtOf(city, i + 1),
        name: `${name}示例${i + 1}区`,
        level: 'county',
        parent: city,
        basis,
      },
    })),
  );
  const admissions = homes.map(([home, , code], i) => {
    const on = '2023-06-01';
    const firm = { uscc: completeUscc(`91${code ?? '610400'}MAEX${9001 + i}`), firm: `示例企业${9001 + i}号` };
    const space = { unit: 'floor-1', areaSquareMetres: 40, desks: 1, from: on };
    return {
      key: `admission-${home}`,
      phase: 3,
      group: home,
      by: { role: 'operator', region: home },
      path: 'incubation/admit-firm',
      body: { on, carrier: `example-${home}-enclave`, home, ...firm, field: '新材料', founded: '2023-01-10', ...space },
    };
  });
  return [
    ...shaanxi().map((command) => (command.phase === 1 ? { ...command, phase: 2 } : command)),
    ...districts,
    ...admissions,
  ];
}

/** Has the platform itself record the sample, and takes what is in the store then. */
async function recordedOnce(bench, progress) {
  await bench.postgres.createDatabase(DATABASE);
  const platform = await bench.platform(DATABASE, { ROLES: 'api' });
  await loadSample(commands(), platform.url, bench.key, (done, total) =>
    progress(`recording the sample once: ${done} of ${total} commands`, done === total),
  );
  await platform.stop();
  const client = await bench.connect(DATABASE);
  const { rows } = await client.query(
    'select stream, revision, id, type, data, metadata from eventing.events order by epoch, xid, gp',
  );
  await client.end();
  return rows;
}

/** What differs from copy to copy: ids, the examples' names, their cities, dates, and the firms' codes in both cases. */
const SLOT = new RegExp(
  [
    '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
    'example-',
    `"(?:${homes.map(([id]) => id).join('|')})"`,
    '"20\\d\\d-(?=\\d\\d-\\d\\d")',
    '91\\d{6}MAEX\\d{4}\\w\\w',
    '91\\d{6}maex\\d{4}\\w\\w',
  ].join('|'),
  'g',
);

/** A row as COPY takes it, without the epoch. */
const lineOf = ({ stream, revision, id, type, data, metadata }) =>
  [stream, revision, id, type, data, metadata].join('\t').replaceAll('\\', '\\\\');

/** A line as what stays and what differs; `slots` holds what differs, once each. */
function template(line, slots) {
  const places = (line.match(SLOT) ?? []).map((slot) => {
    if (!slots.has(slot)) slots.set(slot, slots.size);
    return slots.get(slot);
  });
  return { fixed: line.split(SLOT), places };
}

const render = ({ fixed, places }, values) => {
  let line = fixed[0];
  for (let i = 0; i < places.length; i++) line += values[places[i]] + fixed[i + 1];
  return line;
};

/** The values of the slots in each copy. Ids are derived as the platform derives them: an event's from its command's. */
function copier(examples, slots, copies) {
  const commandOf = new Map();
  const eventsOf = new Map();
  for (const { id, metadata } of examples) {
    const { commandId } = JSON.parse(metadata);
    const before = eventsOf.get(commandId) ?? 0;
    eventsOf.set(commandId, before + 1);
    commandOf.set(id, { commandId, index: String(before) });
  }
  const firms = new Map();
  const firmOf = (uscc) => firms.get(uscc) ?? firms.set(uscc, firms.size).get(uscc);
  const [first, last] = YEARS;
  return (copy) => {
    const year = first + Math.floor(((last - first + 1) * copy) / copies);
    const uscc = (slot) =>
      completeUscc(`${slot.slice(0, 8)}M${String(copy).padStart(4, '0')}${String(firmOf(slot)).padStart(3, '0')}`);
    const made = new Map();
    const command = (id) => made.get(id) ?? made.set(id, uuidV5(String(copy), id)).get(id);
    return [...slots.keys()].map((slot) => {
      if (slot === 'example-') return `example-${copy}-`;
      if (slot.startsWith('"20')) return `"${Number(slot.slice(1, 5)) - 2023 + year}-`;
      if (slot.startsWith('"')) return `"${districtOf(slot.slice(1, -1), copy)}"`;
      if (slot.includes('MAEX')) return uscc(slot);
      if (slot.includes('maex')) return uscc(slot.toUpperCase()).toLowerCase();
      const of = commandOf.get(slot);
      return of ? uuidV5(of.index, command(of.commandId)) : command(slot);
    });
  };
}

/**
 * Fills an empty store with at least so many events: COPY into the store's own tables, in the form that the store writes.
 *
 * @returns how many events, streams and regions there are, of how many copies of the sample, and how often each type occurs
 */
export async function fill(bench, database, events, progress) {
  const rows = await recordedOnce(bench, progress);
  const structure = rows.filter(isStructure);
  const examples = rows.filter((row) => !isStructure(row));
  const slots = new Map();
  const templates = examples.map((row) => template(lineOf(row), slots));
  const copies = Math.max(1, Math.ceil((events - structure.length) / examples.length));
  const total = structure.length + copies * examples.length;
  const valuesOf = copier(examples, slots, copies);

  await bench.postgres.createDatabase(database);
  await (await PostgresStore.open({ url: bench.postgres.url(database) })).close();
  const client = await bench.connect(database);
  const { epoch } = (await client.query('select epoch from eventing.cluster')).rows[0];
  let made = 0;
  const counted = (lines) => progress(`filling the store: ${(made += lines)} of ${total} events`);
  const copy = (lines) =>
    pipeline(
      Readable.from(chunks(lines, `${epoch}\t`, counted)),
      client.query(from('copy eventing.events (epoch, stream, revision, id, type, data, metadata) from stdin')),
    );
  // An index is made faster of all its entries at once; that it can be made shows that no id and no revision is doubled.
  await client.query('alter table eventing.events drop constraint events_by_id, drop constraint events_of_stream');
  await copy(structure.map(lineOf));
  for (let at = 0; at < copies; at += ABREAST) {
    const abreast = Array.from({ length: Math.min(ABREAST, copies - at) }, (_, i) => valuesOf(at + i));
    await copy(interleaved(templates, abreast));
  }
  progress(`filling the store: ${total} events; their indexes and streams …`, true);
  await client.query(`set maintenance_work_mem to '1GB'`);
  await client.query('alter table eventing.events add constraint events_by_id unique (id)');
  await client.query('alter table eventing.events add constraint events_of_stream unique (stream, revision)');
  const { rowCount: streams } = await client.query(
    'insert into eventing.streams select stream, max(revision) from eventing.events group by stream',
  );
  // What autovacuum would do at some moment of its own choosing.
  await client.query('vacuum (analyze) eventing.events, eventing.streams');
  await client.end();
  const types = new Map();
  for (const { type } of examples) types.set(type, (types.get(type) ?? 0) + 1);
  const byShare = [...types].map(([type, n]) => [type, n / examples.length]).sort(([, a], [, b]) => b - a);
  return { events: total, streams, copies, regions: structure.filter(isRegion).length, types: byShare };
}

const isRegion = ({ type }) => type === 'region.registered.v1';

/** The same event of each copy, then the next: the events of a stream lie as far apart as in a log that many write. */
function* interleaved(templates, copies) {
  for (const one of templates) for (const values of copies) yield render(one, values);
}

function* chunks(lines, prefix, counted) {
  let chunk = '';
  let n = 0;
  for (const line of lines) {
    chunk += `${prefix}${line}\n`;
    n++;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    counted(n);
    yield chunk;
    chunk = '';
    n = 0;
  }
  counted(n);
  yield chunk;
}
