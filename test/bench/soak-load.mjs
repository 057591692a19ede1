// The soak's generator, a process of its own: offers commands at a fixed rate, whether or not the ones before are answered,
// and keeps the ledger. A script is one history that clients write together: its commands follow one another, each when the
// one before is answered; a thousand scripts are under way side by side.
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { cities, HUB } from '../../dist/deploy/sample/shaanxi/structure.js';
import { completeUscc } from '../../dist/libs/fields/src/index.js';

const SOCKETS = 32;
const ANSWER_WITHIN_MS = 30_000;
const WINDOW_MS = 10_000;
/** So many seconds of commands that wait for a script, and the platform has lost the race. */
const HOPELESS_SECONDS = 30;
/** Scripts side by side, of each kind; their commands come in the same shares. */
const SCRIPTS = { contract: 400, instrument: 520, enclave: 60, incubator: 20 };
/** Every so many-th command of a script is sent again with its key, and every so many-th is one that the rules refuse. */
const AGAIN = 40;
const REFUSED = 40;

const basis = { document: '示例数据', clause: '文件未列，仅供演示' };
const regions = cities.map(([id]) => id);
const homes = regions.filter((id) => id !== HUB);
const codes = new Map(cities.map(([id, , code]) => [id, code ?? '610400']));
const types = ['development', 'transfer', 'licence', 'consulting', 'service'];

/** Mulberry32, as the sample has it: no run is luckier than another. */
let seed = 20230209;
function dice(below) {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
}
const oneOf = (list) => list[dice(list.length)];
const day = (from, days) => new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const firm = (region, n) => ({
  uscc: completeUscc(`91${codes.get(region)}M${String(n).padStart(7, '0')}`),
  firm: `示例企业${n}`,
});

/** The statuses that it may be answered with, where that is not 200. */
const command = (by, path, body, expected = [200]) => ({ by, path: `/api/v1/${path}`, body, expected });
let firms = 0;

/** 技术合同: filed, recognised or refused, now and then reversed; at the end its first command may come once more. */
function* contract(n) {
  const id = `soak-${n}`;
  const send = (by, step, fields, expected) =>
    command(by, `contracts/${step}-contract`, { contract: id, ...fields }, expected);
  const output = oneOf(['xian', 'xian', HUB, ...homes]);
  const on = day('2023-01-05', dice(300));
  const later = { on: day(on, 10 + dice(40)) };
  const amountFen = 1_000_000 + dice(500_000_000);
  const filed = { on, title: `示例技术合同${n}`, type: oneOf(types), output, absorbing: oneOf(regions), amountFen };
  const recognised = { ...later, registration: `rec-${n}`, technicalRevenueFen: Math.floor(amountFen * 0.8) };

  const first = yield send(output, 'file', filed);
  if (n % REFUSED === 0) {
    yield send(oneOf(regions.filter((r) => r !== output)), 'file', { ...filed, contract: `none-${n}` }, [403]);
    yield send('province', 'recognise', { ...recognised, contract: `none-${n}` }, [404]);
  }
  if (n % REFUSED === 1) {
    yield send('province', 'recognise', { ...recognised, technicalRevenueFen: amountFen + 1 }, [422]);
  }
  if (n % 40 === 2) yield send('province', 'refuse', { ...later, reason: '示例：材料不全' });
  else yield send('province', 'recognise', recognised);
  if (n % 40 !== 2 && n % 97 === 3) {
    yield send('province', 'reverse', { on: '2024-01-15', reverses: `rec-${n}`, reason: '示例：合同解除' });
  }
  if (n % AGAIN === 4) yield first;
}

/** 仪器: networked, used ninety times, a use taken back now and then. */
function* instrument(n) {
  const owner = oneOf(regions);
  const send = (step, fields, expected) =>
    command(owner, `sharing/${step}`, { instrument: `soak-${n}`, ...fields }, expected);
  const originalValueFen = (50 + dice(400)) * 1_000_000;
  yield send('network-instrument', { on: '2023-02-10', name: `示例仪器${n}`, owner, originalValueFen, basis });
  for (let i = 1; i <= 90; i++) {
    const using = dice(3) === 0 ? oneOf(regions) : owner;
    const sharing = using !== owner || dice(4) === 0 ? 'external' : 'internal';
    const hours = (50 + dice(1200)) / 100;
    const use = { on: day('2023-02-10', Math.floor(i * 3.5)), use: `use-${i}`, using, hours, sharing };
    const recorded = yield send('record-use', use);
    if (dice(AGAIN) === 0) yield recorded;
    if (dice(REFUSED) === 0) yield send('record-use', { ...use, hours: 1 }, [409]);
    if (dice(100) === 0) yield send('reverse-use', { on: '2023-12-31', use: use.use, reason: '示例：计量有误' });
  }
}

/** 离岸研发中心: signed by both, filed, opened, let to firms, suspended for a while, given notice that is taken back. */
function* enclave(n) {
  const home = oneOf(homes);
  const on = '2023-03-01';
  const send = (by, step, fields, expected) =>
    command(by, `carriers/${step}`, { on, carrier: `soak-enclave-${n}`, ...fields }, expected);
  const agreement = n % 2 === 0 ? {} : { agreementUntil: '2099-03-01' };
  yield send(home, 'propose-carrier', { name: `示例飞地${n}`, kind: '离岸研发中心', home, host: HUB, basis });
  yield send(home, 'sign-as-home', {});
  yield send('province', 'file-carrier', { filing: `示例-${n}` }, [409]);
  yield send(HUB, 'sign-as-host', {});
  yield send('province', 'file-carrier', { filing: `示例-${n}`, ...agreement });
  yield send(HUB, 'open-carrier', {});
  for (const floor of [1, 2, 3]) {
    yield send(home, 'add-space-unit', { unit: `floor-${floor}`, areaSquareMetres: 600, desks: 60, from: on });
  }
  for (let i = 1; i <= 40; i++) {
    const from = day('2023-04-01', dice(240));
    const space = { unit: `floor-${1 + (i % 3)}`, areaSquareMetres: (3000 + dice(1000)) / 100, desks: 3, from };
    const letting = { on: from, allocation: `let-${i}`, ...firm(home, ++firms), ...space };
    const allocated = yield send(home, 'allocate-space', letting);
    if (dice(AGAIN) === 0) yield allocated;
    if (dice(REFUSED) === 0) {
      yield send(home, 'allocate-space', { ...letting, allocation: `too-${i}`, desks: 61 }, [409]);
    }
    const until = day(from, 30 + dice(60));
    if (dice(10) === 0) yield send(home, 'release-space', { on: until, allocation: `let-${i}`, until });
  }
  yield send('province', 'suspend-carrier', { on: '2023-12-01', reason: '示例：整改' });
  yield send('province', 'resume-carrier', { on: '2023-12-20' });
  yield send(home, 'give-notice', { on: '2024-01-01', closesOn: '2099-01-01' });
  yield send(home, 'revoke-notice', { on: '2024-01-02' });
}

/** 孵化器: firms are admitted, which a process carries to its end, and leave; the last one finds no desk left. */
function* incubator(n) {
  const region = oneOf(regions);
  const on = '2023-05-01';
  const send = (step, fields, expected) =>
    command(region, step, { on, carrier: `soak-incubator-${n}`, ...fields }, expected);
  const hall = { unit: 'hall', areaSquareMetres: 3000, desks: 120, from: on };
  yield send('carriers/register-carrier', { name: `示例孵化器${n}`, kind: '孵化器', region, basis });
  yield send('carriers/add-space-unit', hall);
  const inside = [];
  for (let i = 0; i <= 40; i++) {
    const admitted = { ...firm(region, ++firms), field: '新材料', founded: '2022-06-01' };
    const wanted = { ...hall, areaSquareMetres: 40, desks: i === 40 ? 99 : 2 };
    inside.push(admitted.uscc);
    yield send('incubation/admit-firm', { home: region, ...admitted, ...wanted });
    if (i < 20) continue;
    // It was admitted some twenty commands ago; a process that is that far behind has it refused.
    const leaving = { on: '2024-01-31', uscc: inside.shift(), outcome: 'graduated' };
    yield send('incubation/exit-firm', leaving, [200, 409]);
  }
}

const KINDS = { contract, instrument, enclave, incubator };
const begun = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0]));
const begin = (kind) => ({ kind, n: ++begun[kind], steps: 0, run: KINDS[kind](begun[kind]) });

process.once('message', (order) => {
  drive(order).then(
    (result) => process.send({ done: result }),
    (error) => process.send({ failed: error.message }),
  );
});
process.on('disconnect', () => process.exit());
process.send('ready');

/** Offers so many commands a second for so long, then settles what has no answer. */
async function drive({ url, tokens, rate, seconds, ledgerFile }) {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS, scheduling: 'fifo' });
  const ledger = createWriteStream(ledgerFile);
  // Dealt like cards, so that each kind comes in its share from the start.
  const ready = shuffled(
    Object.entries(SCRIPTS).flatMap(([kind, scripts]) => Array.from({ length: scripts }, () => kind)),
  ).map(begin);
  const arrivals = [];
  const unanswered = new Set();
  const totals = { offered: 0, answered: 0, accepted: 0, refused: 0, repeated: 0, unanswered: 0, surprises: [] };
  let window = { offered: 0, answered: 0, latencyUs: createHistogram() };
  const whole = createHistogram();
  let under = 0;

  const send = ({ by, path, body, key }) =>
    new Promise((done, fail) => {
      const text = JSON.stringify(body);
      const headers = {
        authorization: tokens[by],
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        'idempotency-key': key,
      };
      const sent = request(
        { agent, hostname, port, method: 'POST', path, headers, timeout: ANSWER_WITHIN_MS },
        (answer) => {
          answer.setEncoding('utf8');
          let received = '';
          answer.on('data', (part) => (received += part));
          answer.on('end', () => done({ status: answer.statusCode, text: received }));
          answer.on('error', fail);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer')));
      sent.on('error', fail);
      sent.end(text);
    });
  const surprise = (what, sent, answer) =>
    totals.surprises.push(`${what}: ${sent.key} ${sent.path} ${JSON.stringify(answer)}`.slice(0, 600));

  /** Checks the answer to a command, and enters it into the ledger; a repeated one is checked against its first answer. */
  function enter(sent, { status, text }) {
    const body = JSON.parse(text);
    const accepted = status === 200;
    if (!sent.expected.includes(status)) surprise(`expected ${sent.expected.join(' or ')}`, sent, { status, body });
    if (sent.receipt) {
      totals.repeated++;
      if (!isDeepStrictEqual(body, { ...sent.receipt, repeated: true }))
        surprise('another answer to the same key', sent, body);
      return;
    }
    if (accepted && body.repeated && !sent.mayRepeat) surprise('repeated, but sent once', sent, body);
    totals[accepted ? 'accepted' : 'refused']++;
    const { stream = '', revision = '\\N', position = '\\N', events = [] } = accepted ? body : {};
    ledger.write(`${sent.key}\t${stream}\t${status}\t${revision}\t${position}\t{${events.map((e) => e.id).join()}}\n`);
    if (accepted) sent.receipt = { ...body, repeated: false };
  }

  /** The script's next command; undefined when it has come to its end. What it gives again is sent with the same key. */
  function next(script) {
    const { value } = script.run.next(script.last);
    if (value && value.key === undefined) value.key = `${script.kind}-${script.n}-${++script.steps}`;
    return (script.last = value);
  }

  async function serve(script, arrived) {
    const sent = script.next;
    under++;
    const answer = await send(sent).catch(() => undefined);
    under--;
    // Nobody knows whether it was recorded: the same key settles it at the end.
    if (!answer) return void unanswered.add(sent);
    enter(sent, answer);
    totals.answered++;
    window.answered++;
    const us = Math.max(1, Math.round((performance.now() - arrived) * 1000));
    window.latencyUs.record(us);
    whole.record(us);
    makeReady(script);
  }

  function makeReady(script) {
    script.next = next(script);
    const fresh = script.next ? script : begin(script.kind);
    fresh.next ??= next(fresh);
    const arrived = arrivals.shift();
    if (arrived === undefined) ready.push(fresh);
    else void serve(fresh, arrived);
  }

  const report = setInterval(() => {
    const { offered, answered, latencyUs } = window;
    window = { offered: 0, answered: 0, latencyUs: createHistogram() };
    const at = (percent) => latencyUs.percentile(percent) / 1000;
    process.send({
      window: {
        offered,
        answered,
        p50: at(50),
        p99: at(99),
        max: latencyUs.max / 1000,
        waiting: arrivals.length + under,
        surprises: totals.surprises.length,
      },
    });
  }, WINDOW_MS);

  for (const script of ready) script.next = next(script);
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let now = started; totals.offered < rate * seconds; await delay(2), now = performance.now()) {
    const due = Math.min(Math.floor(((now - started) / 1000) * rate), rate * seconds);
    for (; totals.offered < due; totals.offered++, window.offered++) {
      const arrived = started + (totals.offered / rate) * 1000;
      const script = ready.shift();
      if (script) void serve(script, arrived);
      else arrivals.push(arrived);
    }
    if (arrivals.length > HOPELESS_SECONDS * rate)
      throw new Error(`${arrivals.length} commands wait: the platform takes fewer than ${rate} a second`);
  }
  clearInterval(report);
  const { user, system } = process.cpuUsage(cpu);
  const cores = (user + system) / 1000 / (performance.now() - started);
  while (under + arrivals.length > 0) await delay(10);
  const elapsed = (performance.now() - started) / 1000;

  totals.unanswered = unanswered.size;
  for (const sent of unanswered) {
    sent.mayRepeat = true;
    enter(sent, await send(sent));
    totals.answered++;
  }
  ledger.end();
  await once(ledger, 'finish');
  agent.destroy();
  return {
    ...totals,
    cores,
    seconds: elapsed,
    p50: whole.percentile(50) / 1000,
    p99: whole.percentile(99) / 1000,
    max: whole.max / 1000,
  };
}

function shuffled(list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = dice(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
