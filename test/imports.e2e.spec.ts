import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import writeXlsxFile from 'write-excel-file/node';
import { completeUscc } from '#libs/fields';
import { LIMITS, readSheet } from '#libs/sheets';
import { gb18030 } from '#libs/testing';
import { contexts } from '../apps/platform/src/contexts.js';
import { csv, sent, upload, XLSX } from './imports.js';
import {
  auditor,
  operator,
  province,
  startTestPlatform,
  withEnclave,
  withRegions,
  type Answer,
  type TestPlatform,
} from './test-platform.js';
import { until } from './until.js';

const [home, other] = [operator('xianyang'), operator('baoji')];
const uscc = (n: number) => completeUscc(`91610400MA6Y${String(n).padStart(4, '0')}`);

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform();
  await withRegions(platform);
  await withEnclave(platform);
});
afterAll(() => platform.close());

const ask = (by: Parameters<TestPlatform['send']>[0], path: string, method = 'GET', body?: unknown) =>
  platform.send(by, method, `/api/v1/imports${path}`, body);
const rowsOf = async (id: string, query = ''): Promise<Answer['body'][]> =>
  (await ask(home, `/${id}/rows?limit=1000${query}`)).body.rows;
/** How many events there are, of all streams whose names begin so. */
const recorded = async (stream: string): Promise<number> => {
  const { body } = await platform.send(auditor, 'GET', `/api/v1/events?limit=1000&stream=${stream}`);
  return body.events.length;
};

/** The header of contracts, and one row of it. */
const CONTRACT = [
  '事实发生日期',
  '技术合同',
  '合同名称',
  '类型',
  '输出区域',
  '吸纳区域',
  '合同金额（万元）',
  '卖方名称',
];
const contract = (id: string, ...amended: readonly (readonly [number, string])[]) => {
  const row = ['2023/6/1', id, '示例技术开发合同', '技术开发', 'xianyang', 'xixian', '50.5'];
  for (const [at, cell] of amended) row[at] = cell;
  return row;
};

describe('from template to receipts', () => {
  let id: string;
  let sheet: string;

  it('gives a template that Excel opens, with what is required marked', async () => {
    const { status, headers, body } = await ask(home, '/templates/file-contract');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(headers.get('content-disposition')).toBe('attachment; filename="file-contract.csv"');
    const [header, example] = (body as string).replace('\uFEFF', '').trim().split('\n');
    expect(header!.split(',').slice(0, 8)).toEqual([
      '*事实发生日期',
      '*技术合同',
      '*合同名称',
      '*类型',
      '*输出区域',
      '*吸纳区域',
      '*合同成交额（元）',
      '再次填写成交额（元）',
    ]);
    expect(example).toMatch(/^2023-02-09,tc-2023-0001,示例技术开发合同,开发,xixian,xianyang,500000,,示例企业,/);
    sheet = (body as string) + csv(['2023年6月1日', 'tc-1', '合同一', '技术服务', 'xianyang', 'xixian', '1,234.56']);
  });

  it('tries every row by all the rules, and records nothing', async () => {
    sheet +=
      '\r\n' +
      csv(
        ['2023.6.1', 'tc-2', '合同二', '开发', 'xianyang', 'xixian', '50'],
        ['2023-06-01', 'tc-3', '合同三', '别的', 'xianyang', 'nowhere', '1.005'],
        ['20230601', 'tc-4', '合同四', 'service', 'baoji', 'xixian', '20000'],
        ['20230601', 'tc-1', '合同一（另一份）', '技术服务', 'xianyang', 'xixian', '20000'],
        ['2023-6-1', 'ＴＣ－1', '合同一', '技术服务', 'xianyang', 'xixian', '1234.56'],
      );
    const { status, headers, body } = await upload(platform, home, 'file-contract', sheet, {
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('合同.csv')}`,
    });
    id = body.id;
    expect([status, headers.get('location')]).toEqual([201, `/api/v1/imports/${id}`]);
    expect(body).toMatchObject({ command: 'contracts/file-contract', file: '合同.csv', state: 'checked', mine: true });
    expect(body).toMatchObject({ rows: 7, counts: { accepted: 2, faulty: 4, skipped: 1, waiting: 0 } });
    expect(body.faulty.map(({ n, faults }: Answer['body']) => [n, faults.map((f: Answer['body']) => f.code)])).toEqual([
      [5, ['cell.fraction', 'isIn']],
      [6, ['region.not-yours']],
      [7, ['contract.exists']],
      [8, ['slug']],
    ]);
    // As the door says it, to the letter.
    const fields = { on: '2023-06-01', contract: 'tc-4', title: '合同四', type: 'service', output: 'baoji' };
    const sides = { ...fields, absorbing: 'xixian', amountFen: 2_000_000 };
    const door = await platform.send(home, 'POST', '/api/v1/contracts/file-contract', sides);
    expect(body.faulty[1].fields).toEqual(sides);
    expect(body.faulty[1].faults).toEqual([
      { field: '', code: door.body.code, zh: door.body.detail, en: door.body.detailEn },
    ]);
    expect((await rowsOf(id, '&state=accepted')).map(({ fields: of }) => of.amountFen)).toEqual([123_456, 5_000]);
    expect(await recorded('contract-tc')).toBe(0);
  });

  it('warns of what is mostly a wrong unit, and does not refuse it', async () => {
    const [row] = await rowsOf(id, '&after=3');
    expect([row.n, row.state, row.warnings]).toEqual([
      4,
      'accepted',
      [expect.objectContaining({ field: 'amountFen', code: 'value.unlikely' })],
    ]);
  });

  it('mends cells by their column or field, and checks anew what hangs together with them', async () => {
    const mended = await ask(home, `/${id}/rows/5`, 'PATCH', {
      cells: { '*类型': '许可', absorbing: 'baoji', '合同成交额（元）': '100500' },
    });
    expect([mended.status, mended.body.state, mended.body.faults]).toEqual([200, 'accepted', []]);
    expect(mended.body.fields).toMatchObject({ type: 'licence', absorbing: 'baoji', amountFen: 10_050_000 });
    expect((await ask(home, `/${id}/rows/8`, 'PATCH', { cells: { contract: 'tc-1' } })).body.state).toBe('duplicate');
    // The first of them is another now: what it stood in the way of is not refused any more.
    expect((await ask(home, `/${id}/rows/3`, 'PATCH', { cells: { contract: 'tc-9' } })).body.state).toBe('accepted');
    expect((await rowsOf(id)).map(({ n, state }) => [n, state])).toEqual([
      [2, 'skipped'],
      [3, 'accepted'],
      [4, 'accepted'],
      [5, 'accepted'],
      [6, 'faulty'],
      [7, 'accepted'],
      [8, 'faulty'],
    ]);
    expect((await ask(home, `/${id}/rows/7`, 'DELETE')).body.state).toBe('skipped');
    expect((await rowsOf(id, '&after=7'))[0].state).toBe('accepted');
  });

  it('sends what is accepted, and keeps a receipt of each', async () => {
    const done = await sent(platform, home, id);
    expect([done.state, done.counts]).toMatchObject(['sent', { recorded: 4, faulty: 1, skipped: 2, refused: 0 }]);
    const rows = await rowsOf(id, '&state=recorded');
    expect(rows.map(({ receipt: { stream, revision, repeated } }) => [stream, revision, repeated])).toEqual(
      ['tc-9', 'tc-2', 'tc-3', 'tc-1'].map((name) => [`contract-${name}`, 0, false]),
    );
    const history = await platform.send(home, 'GET', '/api/v1/streams/contract-tc-9');
    expect(history.body.events).toMatchObject([
      { id: rows[0].receipt.events[0].id, metadata: { actor: { id: 'operator@xianyang' }, correlationId: id } },
    ]);
  });

  it('gives the receipts as a table', async () => {
    const { headers, body } = await ask(home, `/${id}/receipts`);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines: string[][] = [];
    for await (const { cells } of (await readSheet(Buffer.from(body as string))).rows) lines.push([...cells]);
    expect(lines.map((line) => line.slice(0, 3)).slice(0, 3)).toEqual([
      ['行', '结果', '状态'],
      ['2', '不导入', 'skipped'],
      ['3', '已记录', 'recorded'],
    ]);
    expect(lines[5]).toEqual(
      expect.arrayContaining(['6', '有误', 'faulty', expect.stringContaining('只能代表本区域')]),
    );
    expect(lines[2]).toEqual(expect.arrayContaining(['contract-tc-9', 'tc-1'.replace('1', '9')]));
  });

  it('a recorded row is not touched any more', async () => {
    for (const [method, body] of [['PATCH', { cells: {} }], ['DELETE']] as const) {
      const { status, body: problem } = await ask(home, `/${id}/rows/3`, method, body);
      expect([status, problem.code]).toEqual([409, 'row.recorded']);
    }
  });

  it('the same sheet again changes nothing, and says so', async () => {
    const inYuan = CONTRACT.with(6, '合同金额(元)');
    const sheet = csv(
      inYuan,
      contract('again-1', [6, '505000']),
      contract('again-2', [0, '2023.06.01'], [6, '505,000']),
    );
    const first = (await upload(platform, home, 'contracts/file-contract', sheet)).body;
    expect((await sent(platform, home, first.id)).counts).toMatchObject({ recorded: 2, repeated: 0 });
    const before = await rowsOf(first.id);
    // Written otherwise, it says the same.
    const other = csv(CONTRACT, contract('again-1', [0, '20230601']), contract('again-2', [2, '　示例技术开发合同 ']));
    const second = (await upload(platform, home, 'file-contract', gb18030(other), { type: 'text/csv; charset=gbk' }))
      .body;
    expect([second.encoding, second.counts]).toMatchObject(['gb18030', { repeated: 2, accepted: 0 }]);
    expect((await sent(platform, home, second.id)).counts).toMatchObject({ repeated: 2, recorded: 0 });
    const repeated = await rowsOf(second.id);
    expect(repeated.map(({ receipt }) => receipt)).toEqual(
      before.map(({ receipt }) => ({ ...receipt, repeated: true })),
    );
    for (const name of ['again-1', 'again-2']) {
      expect((await platform.send(home, 'GET', `/api/v1/streams/contract-${name}`)).body.events.length).toBe(1);
    }
  });
});

describe('rows of one sheet', () => {
  const UNIT = ['事实发生日期', '载体', '空间单元', '面积', '工位数', 'from'];
  const unit = (name: string, more: readonly string[] = []) => [
    '2023-06-01',
    'enclave',
    name,
    '10',
    '1',
    '2023-06-01',
    ...more,
  ];

  it('see what the rows before them would do', async () => {
    const { body } = await upload(platform, home, 'add-space-unit', csv(UNIT, unit('a'), unit('b'), unit('a', ['x'])));
    expect((await rowsOf(body.id)).map(({ state, faults }) => [state, faults[0]?.code])).toEqual([
      ['accepted', undefined],
      ['accepted', undefined],
      ['faulty', 'cell.no-header'],
    ]);
    const fixed = await ask(home, `/${body.id}/rows/4`, 'PATCH', { cells: { '(7)': '', 工位数: '2' } });
    expect(fixed.body.faults).toMatchObject([{ code: 'unit.exists', field: 'unit' }]);
    expect((await ask(home, `/${body.id}/rows/4`, 'PATCH', { cells: { unit: 'c' } })).body.state).toBe('accepted');
    expect((await sent(platform, home, body.id)).counts).toMatchObject({ recorded: 3 });
    expect((await platform.send(home, 'GET', '/api/v1/streams/carrier-enclave')).body.events.slice(-3)).toMatchObject(
      ['a', 'b', 'c'].map((name) => ({ data: { unit: name } })),
    );
  });

  it('one natural key is given once, whoever is first', async () => {
    const INSTRUMENT = ['on', 'instrument', 'name', 'owner', 'assetNumber', '原值（万元）', '依据文件', '依据条款'];
    const instrument = (id: string, asset: string) => [
      '2023-06-01',
      id,
      '电镜',
      'xianyang',
      asset,
      '120',
      '文件',
      '一',
    ];
    const { body } = await upload(
      platform,
      home,
      'network-instrument',
      csv(INSTRUMENT, instrument('i-1', 'ZC-1'), instrument('i-2', 'ZC-1'), instrument('i-3', 'ZC-3')),
    );
    expect((await rowsOf(body.id)).map(({ state, faults }) => [state, faults[0]?.code])).toEqual([
      ['accepted', undefined],
      ['faulty', 'instrument.asset-held'],
      ['accepted', undefined],
    ]);
    expect((await ask(home, `/${body.id}/rows/2`, 'DELETE')).status).toBe(200);
    expect((await rowsOf(body.id, '&state=accepted')).map(({ n }) => n)).toEqual([3, 4]);
  });

  it('are checked anew when what they rest on has changed', async () => {
    const sheet = csv(UNIT, unit('d').with(1, 'later'));
    const { body } = await upload(platform, home, 'add-space-unit', sheet);
    expect(body.counts).toMatchObject({ faulty: 1 });
    await platform.done(home, 'carriers/register-carrier', {
      on: '2023-02-01',
      carrier: 'later',
      name: '后来',
      kind: '加速器',
      region: 'xianyang',
      basis: { document: '文件', clause: '一' },
    });
    expect((await ask(home, `/${body.id}/check`, 'POST')).body).toMatchObject({
      state: 'checked',
      counts: { accepted: 1 },
    });
  });

  it('what was accepted and is refused when it is sent says why, and can be mended', async () => {
    const { body } = await upload(platform, home, 'add-space-unit', csv(UNIT, unit('taken')));
    const [on, carrier, from] = ['2023-06-01', 'enclave', '2023-06-01'];
    const fields = { on, carrier, unit: 'taken', areaSquareMetres: 5, desks: 1, from };
    await platform.done(home, 'carriers/add-space-unit', fields);
    const done = await sent(platform, home, body.id);
    expect([done.counts.refused, done.faulty[0].refusal]).toMatchObject([1, { code: 'unit.exists', status: 409 }]);
    expect((await ask(home, `/${body.id}/rows/2`, 'PATCH', { cells: { unit: 'free' } })).body).toMatchObject({
      state: 'accepted',
      refusal: null,
    });
    expect((await sent(platform, home, body.id)).counts).toMatchObject({ recorded: 1, refused: 0 });
  });

  it('come from a workbook as well, of the sheet that is named, below a title', async () => {
    const text = (value: string) => ({ value, type: String }) as const;
    const firms = [
      [text('2023年入孵企业')],
      [
        '事实发生日期',
        '载体',
        '飞出地',
        '统一社会信用代码',
        '企业名称',
        '所属领域',
        '企业成立日期',
        '空间单元',
        '面积(㎡)',
        '工位数',
        '入孵日',
      ].map(text),
      [
        { value: new Date('2023-06-01'), type: Date, format: 'yyyy/m/d' },
        ...['enclave', 'xianyang', uscc(1), '甲公司', '软件', '2022年6月1日', 'floor-1'].map(text),
        { value: 80.5, type: Number },
        { value: 8, type: Number },
        { value: 45078, type: Number },
      ],
      [
        ...['2023.6.1', 'enclave', 'xianyang'].map(text),
        { value: 916104000000000000, type: Number },
        ...['乙公司', '软件', '20220601', 'floor-1', '８０', '八', '2023-06-01'].map(text),
      ],
    ];
    const bytes = await writeXlsxFile([
      { data: [[text('说明')]], sheet: '说明' },
      { data: firms, sheet: '名单' },
    ]).toBuffer();
    const query = `&sheet=${encodeURIComponent('名单')}`;
    const { body } = await upload(platform, home, 'admit-firm', bytes, { type: XLSX, query });
    expect(body).toMatchObject({ format: 'xlsx', sheet: '名单', counts: { accepted: 1, faulty: 1 } });
    const [good, bad] = await rowsOf(body.id);
    expect([good.n, good.fields]).toMatchObject([3, { on: '2023-06-01', from: '2023-06-01', founded: '2022-06-01' }]);
    expect(bad.faults.map(({ field, code }: Answer['body']) => [field, code])).toEqual([
      ['uscc', 'cell.scientific'],
      ['desks', 'cell.number'],
    ]);
    const wrong = await upload(platform, home, 'admit-firm', bytes, { type: 'application/octet-stream' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'import.no-header']);
  });
});

describe('who may', () => {
  let id: string;
  const ROUTES = [
    ['GET', ''],
    ['GET', '/rows'],
    ['GET', '/receipts'],
    ['PATCH', '/rows/2'],
    ['DELETE', '/rows/2'],
    ['POST', '/check'],
    ['POST', '/send'],
    ['POST', '/cancel'],
  ] as const;
  const tried = async (by: Parameters<TestPlatform['send']>[0], of: string) => {
    const answers: [string, number, string | undefined][] = [];
    for (const [method, path] of ROUTES) {
      const { status, body } = await ask(by, `/${of}${path}`, method, method === 'PATCH' ? { cells: {} } : undefined);
      answers.push([`${method} ${path}`, status, body.code]);
    }
    return answers;
  };
  const each = (of: (path: (typeof ROUTES)[number]) => [number, string | undefined]) =>
    ROUTES.map((route) => [route.join(' '), ...of(route)]);

  beforeAll(async () => {
    id = (await upload(platform, home, 'file-contract', csv(CONTRACT, contract('mine')))).body.id;
  });

  it('to another region it is as one that is not there', async () => {
    const nowhere = each(() => [404, 'import.unknown']);
    expect(await tried(other, id)).toEqual(nowhere);
    expect(await tried(other, '00000000-0000-4000-8000-000000000000')).toEqual(nowhere);
    expect(await tried(other, 'nonsense')).toEqual(nowhere);
    const told = (one: Answer, of: string) => JSON.stringify(one.body).replaceAll(of, '…');
    const unknown = '00000000-0000-4000-8000-000000000000';
    expect(told(await ask(other, `/${id}`), id)).toBe(told(await ask(other, `/${unknown}`), unknown));
    expect((await ask(other, '')).body.imports).toEqual([]);
  });

  it('the province and an auditor see it, and do nothing with it', async () => {
    expect(await tried(province, id)).toEqual(
      each(([method]) => (method === 'GET' ? [200, undefined] : [403, 'import.not-yours'])),
    );
    expect(await tried(auditor, id)).toEqual(
      each(([method]) => (method === 'GET' ? [200, undefined] : [403, 'auth.role'])),
    );
    expect((await ask(auditor, `/${id}`)).body).toMatchObject({ mine: false, by: { id: 'operator@xianyang' } });
    expect((await ask(province, '?mine=true')).body.imports).toEqual([]);
    expect((await ask(province, '?limit=1')).body).toMatchObject({ imports: [{ id }], next: expect.any(Number) });
  });

  it('nobody imports a command that it may not send', async () => {
    for (const [by, command, status, code] of [
      [home, 'recognise-contract', 403, 'auth.role'],
      [province, 'file-contract', 403, 'auth.role'],
      [auditor, 'file-contract', 403, 'auth.role'],
      [{ role: 'sub-platform', region: 'xianyang' } as const, 'file-contract', 403, 'auth.role'],
      [home, 'allocate', 404, 'command.unknown'],
      [home, '__proto__', 404, 'command.unknown'],
    ] as const) {
      const uploaded = await upload(platform, by, command, csv(CONTRACT, contract('x')));
      expect([command, uploaded.status, uploaded.body.code]).toEqual([command, status, code]);
      if (by.role === 'auditor' || by.role === 'sub-platform') continue;
      const template = await ask(by, `/templates/${command}`);
      expect([command, template.status, template.body.code]).toEqual([command, status, code]);
    }
  });

  it('rows of another region are refused as they are at the door', async () => {
    const { body } = await upload(platform, other, 'file-contract', csv(CONTRACT, contract('theirs')));
    expect(body.faulty[0].faults).toMatchObject([{ code: 'region.not-yours' }]);
    expect((await sent(platform, other, body.id)).counts).toMatchObject({ recorded: 0, faulty: 1 });
  });
});

describe('what is no sheet of the command', () => {
  it.each([
    ['nothing', '', 422, 'sheet.empty'],
    ['text without a header', 'a,b\n1,2\n', 422, 'import.no-header'],
    ['a header alone', csv(CONTRACT), 422, 'import.no-rows'],
    ['a quotation mark without another', `${csv(CONTRACT)}\n"x`, 422, 'sheet.csv'],
    ['a zip that is none', 'PK\x03\x04', 422, 'sheet.xlsx'],
    ['too many rows', `${csv(CONTRACT)}\n${'x\n'.repeat(LIMITS.rows + 1)}`, 422, 'sheet.too-many-rows'],
    ['too many bytes', Buffer.alloc(LIMITS.bytes + 1, 'x'), 413, 'sheet.too-big'],
  ])(
    '%s is refused',
    async (_, file, status, code) => {
      const { status: answered, body } = await upload(platform, home, 'file-contract', file);
      expect([answered, body.code, body.type]).toEqual([status, code, `urn:liandong:problem:${code}`]);
      expect(body.detail).toMatch(/\p{Script=Han}/u);
    },
    120_000,
  );

  it('tells which columns are missing, unknown, or in a unit that there is not', async () => {
    const file = csv(['技术合同', '合同名城', '合同金额（美元）', '面积（元）'], ['a', 'b', 'c', 'd']);
    const { status, body } = await upload(platform, home, 'file-contract', file);
    expect([status, body.code]).toEqual([422, 'import.columns']);
    expect(body.errors.map(({ code, field }: Answer['body']) => `${code} ${field}`)).toEqual([
      'column.unknown 合同名城',
      'column.unknown 面积（元）',
      'column.missing on',
      'column.missing title',
      'column.missing type',
      'column.missing output',
      'column.missing absorbing',
    ]);
  });

  it('leaves nothing behind of what it has refused', async () => {
    const { body } = await ask(home, '?limit=200');
    for (const one of body.imports) expect([one.rows > 0, one.counts.waiting]).toEqual([true, 0]);
  });

  it('is taken as a file, there and nowhere else', async () => {
    const json = await ask(home, '?command=file-contract', 'POST', {});
    expect([json.status, json.body.code]).toEqual([415, 'import.no-file']);
    for (const type of ['text/csv', XLSX, 'application/octet-stream']) {
      const headers = { 'content-type': type };
      const door = await platform.send(home, 'POST', '/api/v1/contracts/file-contract', 'a,b', headers);
      expect([type, door.status, door.body.code]).toEqual([type, 415, 'http.415']);
    }
  });

  const ODD = [
    '',
    ' ',
    '\0',
    '\u202e',
    '\ud800',
    '=1+1',
    '__proto__',
    '1e400',
    '9'.repeat(400),
    '-0',
    '∞',
    '二〇二三年',
    '{}',
  ];

  it('odd cells are refused by the row, and never an error of ours', async () => {
    const rows = ODD.flatMap((odd, n) => CONTRACT.map((_, at) => contract(`odd-${n}-${at}`, [at, odd])));
    const { status, body } = await upload(platform, home, 'file-contract', csv(CONTRACT, ...rows));
    expect([status, body.counts.waiting, body.rows]).toEqual([201, 0, rows.length]);
    const done = await sent(platform, home, body.id);
    expect([done.state, done.trouble, done.counts.refused]).toEqual(['sent', null, 0]);
    expect(done.counts.faulty).toBeGreaterThan(50);
    for (const { faults } of await rowsOf(body.id, '&state=faulty')) {
      expect(faults.length).toBeGreaterThan(0);
      for (const { code, zh, en } of faults) expect([code, zh, en].every((said) => said.length > 1)).toBe(true);
    }
  });

  it('odd mendings are refused too', async () => {
    const { body } = await upload(platform, home, 'file-contract', csv(CONTRACT, contract('mended')));
    const path = `/${body.id}/rows/2`;
    for (const mending of [
      undefined,
      null,
      1,
      [],
      {},
      { cells: null },
      { cells: [] },
      { cells: { a: 1 } },
      { cells: { title: 'x'.repeat(2001) } },
    ]) {
      const answer = await ask(home, path, 'PATCH', mending);
      expect([mending, answer.status, answer.body.code]).toEqual([mending, 422, 'request.invalid']);
    }
    const unknown = await ask(home, path, 'PATCH', { cells: { 备注: 'x' } });
    expect(unknown.body).toMatchObject({ code: 'request.invalid', errors: [{ field: 'cells.备注', code: 'unknown' }] });
    for (const odd of ODD) {
      const answer = await ask(home, path, 'PATCH', {
        cells: { title: odd, '合同金额（万元）': odd, sellerUscc: odd },
      });
      expect([odd, answer.status]).toEqual([odd, 200]);
    }
    for (const n of ['0', '1', '3', '-1', 'x', '1e3', '99999999999'])
      expect([n, (await ask(home, `/${body.id}/rows/${n}`, 'DELETE')).body.code]).toEqual([n, 'row.unknown']);
    for (const query of ['?limit=0', '?state=x', '?after=-1', '?x=1'])
      expect([query, (await ask(home, `/${body.id}/rows${query}`)).status]).toEqual([query, 422]);
    for (const query of ['?limit=0', '?before=x', '?mine=x', '?x=1'])
      expect([query, (await ask(home, query)).status]).toEqual([query, 422]);
  });
});

it('the lines of the guide do what it says', async () => {
  const guide = readFileSync(join(__dirname, '..', 'docs', 'guide.zh-CN.md'), 'utf8');
  const [, lines] = /^## 批量导入$[^]*?^```bash\n([^]*?)^```$/m.exec(guide)!;
  const [first, ...rest] = lines!.split('\n');
  expect(first).toMatch(/^X=\$\(npm run --silent token -- operator xianyang\); API=\S+\/api\/v1$/);
  const folder = mkdtempSync(join(tmpdir(), 'liandong-guide-'));
  const file = csv(CONTRACT, contract('guide-1'), contract('guide-2', [3, '别的'])).replace('万元', '元');
  writeFileSync(join(folder, '合同.csv'), file);
  const env = { ...process.env, X: await platform.token(home), API: `${platform.url}/api/v1` };
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', rest.join('\n').replaceAll('curl -s', 'curl -sf')], {
    cwd: folder,
    env,
  });
  const said = text(bash.stdout);
  expect(await once(bash, 'exit')).toEqual([0, null]);
  expect(await said).toMatch(/"isIn".*"state":"accepted".*"state":"sending"/s);
  expect((await readSheet(readFileSync(join(folder, '模板.xlsx')))).format).toBe('xlsx');
  expect(readFileSync(join(folder, '回执.csv'), 'utf8')).toContain('guide-2');
  await until('both are recorded', async () => (await recorded('contract-guide-')) === 2);
  rmSync(folder, { recursive: true });
});

it('every command has a template that its own import takes, whose example says what its form takes', async () => {
  const commands = contexts.flatMap((context) => Object.keys(context.commands));
  const kebab = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
  expect(new Set(commands).size).toBe(commands.length);
  const { body } = await platform.send(null, 'GET', '/openapi.json');
  const operations = Object.values(body.paths as Record<string, Record<string, Answer['body']>>).flatMap(Object.values);
  for (const command of commands) {
    const { 'x-roles': allowed } = operations.find(({ operationId }) => operationId === command);
    const by = allowed.includes('operator') ? home : province;
    for (const format of ['csv', 'xlsx']) {
      const file = await fetch(`${platform.url}/api/v1/imports/templates/${kebab(command)}?format=${format}`, {
        headers: { authorization: `Bearer ${await platform.token(by)}` },
      });
      const type = format === 'csv' ? 'text/csv' : XLSX;
      const uploaded = await upload(platform, by, kebab(command), new Uint8Array(await file.arrayBuffer()), { type });
      expect([command, format, uploaded.status, uploaded.body.notices]).toEqual([command, format, 201, []]);
      // The example is left out: whoever leaves it in does not mean it.
      expect([command, uploaded.body.counts.skipped]).toEqual([command, 1]);
      const { body: row } = await ask(by, `/${uploaded.body.id}/rows/2`, 'PATCH', { cells: { on: '1960-01-01' } });
      const forms = row.faults.filter(({ field, code }: Answer['body']) => field !== '' && !code.includes('.'));
      expect([command, forms]).toEqual([command, []]);
    }
  }
}, 120_000);
