import { completeUscc } from '#libs/fields';
import type { SampleCommand } from '../command.js';
import { cities, HUB } from './structure.js';

/**
 * Where the documents give no figures, 示例 data: carriers, firms, contracts and instrument uses that nobody reported.
 * Every name says 示例. The same numbers come out every time.
 */
const EXAMPLE = { document: '示例数据', clause: '文件未列，仅供演示' };

const homes = cities.map(([id, name]) => ({ id, name })).filter(({ id }) => id !== HUB);
const names = new Map<string, string>(cities.map(([id, name]) => [id, name]));

const ALLOCATIONS_PER_CARRIER = 20;
const CONTRACTS = 2_200;
const INSTRUMENTS_PER_REGION = 5;
const USES_PER_INSTRUMENT = 90;

/** Mulberry32: small, seeded, and good enough to spread examples. */
function random(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const day = (from: string, days: number) =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const operator = (region: string) => ({ role: 'operator', region }) as const;
const province = { role: 'province' } as const;
const number = (n: number, digits = 4) => String(n).padStart(digits, '0');

const FIELDS = ['集成电路', '新材料', '生物医药', '软件', '现代农业'];

/** An invented firm of a city: the code's checks hold, and its organisation part says what it is. */
function firm(code: string, n: number): { uscc: string; firm: string } {
  return { uscc: completeUscc(`91${code}MAEX${number(n)}`), firm: `示例企业${number(n)}号` };
}

export function examples(): SampleCommand[] {
  return [...carriers(), ...instruments(), ...contracts()];
}

function carriers(): SampleCommand[] {
  const commands: SampleCommand[] = [];
  const dice = random(1);
  let firms = 0;
  const send = (carrier: string, step: string, by: SampleCommand['by'], path: string, on: string, body: object) =>
    commands.push({
      key: `${carrier}-${step}`,
      phase: 1,
      group: carrier,
      by,
      path,
      body: {
        on,
        carrier,
        ...body,
      },
    });

  const bilateral = [
    ...homes.map((home) => ({ ...home, kind: '飞地孵化器', suffix: 'enclave' })),
    ...homes.slice(0, 6).map((home) => ({ ...home, kind: '离岸研发中心', suffix: 'offshore' })),
  ];
  for (const { id: home, name, kind, suffix } of bilateral) {
    const carrier = `example-${home}-${suffix}`;
    const identity = { name: `示例·${name}（西咸）${kind}`, kind, home, host: HUB, basis: EXAMPLE };
    send(carrier, 'proposed', operator(home), 'carriers/propose-carrier', '2023-03-01', identity);
    send(carrier, 'home', operator(home), 'carriers/sign-as-home', '2023-03-08', {});
    send(carrier, 'host', operator(HUB), 'carriers/sign-as-host', '2023-03-10', {});
    send(carrier, 'filed', province, 'carriers/file-carrier', '2023-03-20', { filing: `示例-${carrier}` });
    send(carrier, 'opened', operator(HUB), 'carriers/open-carrier', '2023-04-01', {});
    // Three floors of 600 m² and 60 desks each, let to firms of the home city from April on: in an enclave with their admission.
    for (const floor of [1, 2, 3]) {
      const unit = { unit: `floor-${floor}`, areaSquareMetres: 600, desks: 60, from: '2023-04-01' };
      send(carrier, unit.unit, operator(home), 'carriers/add-space-unit', '2023-04-01', unit);
    }
    const code = cities.find(([id]) => id === home)?.[2] ?? '610400';
    for (let n = 1; n <= ALLOCATIONS_PER_CARRIER; n++) {
      const allocation = `let-${number(n, 3)}`;
      const from = day('2023-04-01', dice(240));
      const space = { areaSquareMetres: 40 + dice(40) + dice(100) / 100, desks: 3 + dice(5) };
      const tenancy = { unit: `floor-${1 + (n % 3)}`, ...firm(code, ++firms), ...space, from };
      const until = dice(10) === 0 ? day(from, 30 + dice(60)) : undefined;
      if (kind === '飞地孵化器') {
        const founded = day(from, -100 - ((firms * 37) % 500));
        const admission = { home, field: FIELDS[n % FIELDS.length], founded, ...tenancy, until };
        send(carrier, allocation, operator(home), 'incubation/admit-firm', from, admission);
        continue;
      }
      send(carrier, allocation, operator(home), 'carriers/allocate-space', from, { allocation, ...tenancy });
      if (until === undefined) continue;
      send(carrier, `${allocation}-end`, operator(home), 'carriers/release-space', until, { allocation, until });
    }
  }
  // Nine of the eleven cities and areas beside the hub have an incubator of their own: the coverage rule names the other two.
  for (const [region, name] of cities.slice(0, 9)) {
    const carrier = `example-${region}-incubator`;
    const identity = { name: `示例·${name}立体联动孵化器`, kind: '孵化器', region, basis: EXAMPLE };
    send(carrier, 'registered', operator(region), 'carriers/register-carrier', '2023-05-01', identity);
    const hall = { unit: 'hall', areaSquareMetres: 3000, desks: 200, from: '2023-05-01' };
    send(carrier, 'hall', operator(region), 'carriers/add-space-unit', '2023-05-01', hall);
  }
  const overseas = {
    name: '示例·西安（慕尼黑）海外离岸创新中心',
    kind: '海外离岸创新中心',
    region: 'xian',
    host: 'iso-de',
  };
  const centre = 'example-xian-overseas';
  send(centre, 'registered', operator('xian'), 'carriers/register-carrier', '2023-05-01', {
    ...overseas,
    basis: EXAMPLE,
  });
  return commands;
}

function instruments(): SampleCommand[] {
  const commands: SampleCommand[] = [];
  const dice = random(2);
  const kinds = ['扫描电子显微镜', 'X射线衍射仪', '液相色谱质谱联用仪', '材料试验机', '三坐标测量机'];
  for (const [owner] of cities) {
    for (let i = 0; i < INSTRUMENTS_PER_REGION; i++) {
      const instrument = `example-${owner}-${number(i + 1, 2)}`;
      const send = (key: string, path: string, on: string, body: object) =>
        commands.push({
          key: `${instrument}-${key}`,
          phase: 1,
          group: instrument,
          by: operator(owner),
          path: `sharing/${path}`,
          body: {
            on,
            instrument,
            ...body,
          },
        });
      const originalValueFen = (50 + dice(400)) * 1_000_000;
      send('joined', 'network-instrument', '2023-02-10', {
        name: `示例·${kinds[i]}`,
        owner,
        originalValueFen,
        basis: EXAMPLE,
      });
      for (let n = 1; n <= USES_PER_INSTRUMENT; n++) {
        const elsewhere = dice(3) === 0;
        const using = elsewhere ? cities[dice(cities.length)]![0] : owner;
        const sharing = using !== owner || dice(4) === 0 ? 'external' : 'internal';
        const use = { use: `use-${number(n)}`, using, hours: (50 + dice(1200)) / 100, sharing };
        send(use.use, 'record-use', day('2023-02-10', Math.floor((n * 320) / USES_PER_INSTRUMENT)), use);
        if (dice(100) === 0) {
          send(`${use.use}-back`, 'reverse-use', '2023-12-31', { use: use.use, reason: '示例：计量有误' });
        }
      }
    }
  }
  return commands;
}

function contracts(): SampleCommand[] {
  const commands: SampleCommand[] = [];
  const dice = random(3);
  const types = ['development', 'transfer', 'licence', 'consulting', 'service'] as const;
  // Most technology comes from 西安 and the hub, and goes to every city.
  const sources = ['xian', 'xian', 'xian', HUB, HUB, 'xianyang', 'baoji', 'yangling', 'weinan', 'hanzhong'];
  for (let n = 1; n <= CONTRACTS; n++) {
    const contract = `example-${number(n)}`;
    const send = (step: string, by: SampleCommand['by'], path: string, on: string, body: object) =>
      commands.push({
        key: `${contract}-${step}`,
        phase: 1,
        group: contract,
        by,
        path: `contracts/${path}`,
        body: {
          on,
          contract,
          ...body,
        },
      });
    const output = sources[dice(sources.length)]!;
    const absorbing = cities[dice(cities.length)]![0];
    const amountFen = (1 + dice(500)) * 1_000_000 + dice(1_000_000);
    const filedOn = day('2023-01-05', dice(300));
    const title = `示例·${names.get(absorbing)}吸纳技术合同${number(n)}`;
    send('filed', operator(output), 'file-contract', filedOn, {
      title,
      type: types[dice(5)],
      output,
      absorbing,
      amountFen,
    });
    if (n % 40 === 0) {
      send('refused', province, 'refuse-contract', day(filedOn, 20), { reason: '示例：材料不全' });
      continue;
    }
    const registration = `rec-${number(n)}`;
    const technicalRevenueFen = Math.floor((amountFen * (60 + dice(40))) / 100);
    send('recognised', province, 'recognise-contract', day(filedOn, 10 + dice(40)), {
      registration,
      technicalRevenueFen,
    });
    if (n % 97 === 0) {
      send('reversed', province, 'reverse-contract', '2024-01-15', {
        reverses: registration,
        reason: '示例：合同解除',
      });
    }
  }
  return commands;
}
