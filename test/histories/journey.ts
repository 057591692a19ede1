import { completeUscc } from '#libs/fields';
import { auditor, basis, operator, province, withEnclave, withRegions, type TestPlatform } from '../test-platform.js';
import { until } from '../until.js';

/** A journey through all contexts that makes every event that people bring about. No process has anything to do in it. */
export async function journey(platform: TestPlatform): Promise<void> {
  const { done } = platform;
  await withRegions(platform);
  const topology = (path: string, body: object) => done(province, `topology/${path}`, { on: '2023-01-02', ...body });
  await topology('register-region', { region: 'fengdong', name: '沣东新城', level: 'park', parent: 'shaanxi', basis });
  await topology('move-region', { region: 'fengdong', parent: 'xixian', basis });
  await topology('grant-authority', { region: 'fengdong', basis });
  await topology('end-authority', { region: 'fengdong', basis });
  const standard = (clause: string) => ({ document: 'GB/T 2260—2007', clause });
  const code = { region: 'shaanxi', code: '610000', from: '2008-02-01', basis: standard('610000') };
  await topology('map-region-code', code);
  await topology('map-region-code', {
    region: 'xianyang',
    code: '610400',
    from: '2008-02-01',
    basis: standard('610400'),
  });
  await topology('define-region-group', { group: 'guanzhong', name: '关中', regions: ['xianyang', 'baoji'], basis });
  await topology('register-place', { place: 'cn-310000', basis: standard('310000') });
  const qindu = { region: 'qindu', name: '秦都', level: 'county', parent: 'xianyang', basis };
  await topology('register-region', qindu);
  await topology('map-region-code', { ...code, region: 'qindu', code: '610404' });
  await topology('reverse-region-code', { region: 'qindu', from: '2008-02-01', reason: '登记有误' });
  await topology('map-region-code', { ...code, region: 'qindu', code: '610402' });
  await topology('rename-region', { region: 'qindu', name: '秦都区', basis });
  await topology('administer-region', { region: 'qindu', by: 'xixian', basis });
  await topology('end-region-code', { region: 'qindu', from: '2008-02-01', until: '2023-01-02', basis });
  await topology('end-region', { region: 'qindu', into: ['xianyang'], basis });
  const integration = { link: 'xianyang-baoji', kind: '一体化发展', from: 'xianyang', to: 'baoji' };
  const zone = { zone: 'xianyang-pioneer', region: 'xianyang', kind: '先行区', name: '咸阳科技成果转化先行区' };
  await topology('designate-zone', { ...zone, basis });
  await topology('change-zone-theme', { zone: zone.zone, theme: '科技成果转化', basis });
  await topology('designate-zone', { ...zone, zone: 'short-lived', kind: '试验区', name: '试验', basis });
  await topology('revoke-zone', { zone: 'short-lived', basis });
  await topology('plan-zone', { ...zone, zone: 'baoji-demonstration', region: 'baoji', stage: 'under-way', basis });
  await topology('revoke-hub', { region: 'xixian', basis });
  await topology('designate-hub', { region: 'xixian', basis });
  // What was stated by mistake.
  const mistaken = { reason: '登记有误' };
  await topology('reverse-hub-step', { region: 'xixian', reverses: 'designated', ...mistaken });
  await topology('designate-hub', { region: 'xixian', basis });
  await topology('plan-link', { ...integration, stage: 'planned', basis });
  await topology('open-link', { ...integration, basis });
  await topology('open-link', { link: 'pair-1', kind: 'pairing', from: 'xixian', to: 'xianyang', basis });
  await topology('open-link', { link: 'pair-2', kind: 'pairing', from: 'xixian', to: 'baoji', basis });
  await topology('close-link', { link: 'pair-2', basis });
  await topology('reverse-link-step', { link: 'pair-2', reverses: 'closed', ...mistaken });
  await topology('close-link', { link: 'pair-2', basis });
  await topology('reverse-zone-step', { zone: 'short-lived', reverses: 'revoked', ...mistaken });
  await topology('revoke-zone', { zone: 'short-lived', basis });
  const rule = { rule: 'incubator-per-city', carrierKind: '孵化器', level: 'city', minimum: 1 };
  await topology('state-coverage-rule', { ...rule, basis: { ...basis, clause: '一、3' } });
  await topology('revise-coverage-rule', { ...rule, hub: 'counted', basis: { ...basis, clause: '一、3' } });
  await topology('state-coverage-rule', { ...rule, rule: 'short-lived', basis });
  await topology('end-coverage-rule', { rule: 'short-lived', basis });
  await topology('record-statement', {
    statement: 'incubators',
    modality: 'requires',
    wording: '在每个市(区)布局建设1个特色化立体联动“孵化器”',
    subjectKind: 'rule',
    subject: '每个市(区) 孵化器',
    subjectId: rule.rule,
    basis: { ...basis, clause: '一、3' },
  });
  const hubSaid = { statement: 'hub', modality: 'requires', subjectKind: 'hub', subject: '总窗口', basis };
  await topology('record-statement', { ...hubSaid, wording: '建设总窗口' });
  await topology('correct-statement', { ...hubSaid, modality: 'supports', wording: '支持总窗口建设', ...mistaken });
  const harbour = { list: 'carrier-kinds', code: 'talent-harbour', basis };
  await done(province, 'codes/define-code', { on: '2023-01-02', ...harbour, name: '人才港' });
  await done(province, 'codes/end-code', { on: '2023-01-03', ...harbour });

  await withEnclave(platform, 1200.5, 120, '离岸研发中心');
  const carriers = (by: string, path: string, body: object) =>
    done(by === 'province' ? province : operator(by), `carriers/${path}`, { on: '2023-03-01', ...body });
  const incubator = { carrier: 'xianyang-incubator', name: '咸阳孵化器', kind: '孵化器', region: 'xianyang' };
  await carriers('xianyang', 'register-carrier', { on: '2015-01-01', ...incubator, basis });
  await carriers('province', 'suspend-carrier', { carrier: 'enclave', reason: '整改' });
  await carriers('province', 'resume-carrier', { carrier: 'enclave' });
  // An agreement with an end; that of the enclave above has none.
  await topology('register-region', { region: 'ankang', name: '安康市', level: 'city', parent: 'shaanxi', basis });
  const centre = { carrier: 'ankang-centre', name: '安康离岸研发中心', kind: '离岸研发中心' };
  await carriers('ankang', 'propose-carrier', { ...centre, home: 'ankang', host: 'fengdong', basis });
  await carriers('ankang', 'sign-as-home', { carrier: centre.carrier });
  await carriers('fengdong', 'sign-as-host', { carrier: centre.carrier });
  const filing = { carrier: centre.carrier, filing: 'f-2', agreementUntil: '2069-03-01' };
  await carriers('province', 'file-carrier', filing);
  await carriers('ankang', 'open-carrier', { carrier: centre.carrier });
  await carriers('province', 'renew-agreement', { carrier: centre.carrier, until: '2070-03-01' });
  await carriers('ankang', 'give-notice', { carrier: centre.carrier, closesOn: '2070-01-01' });
  await carriers('ankang', 'revoke-notice', { carrier: centre.carrier });
  // Planned, proposed again and again, and revised in between.
  const base = {
    carrier: 'ankang-base',
    name: '安康基地',
    kind: '协同创新基地',
    home: 'xixian',
    host: 'ankang',
    basis,
  };
  const { home: _, ...wanted } = base;
  await carriers('province', 'plan-carrier', { ...wanted, stage: 'planned' });
  await carriers('province', 'reverse-plan', { carrier: base.carrier, reason: '登记有误' });
  await carriers('province', 'plan-carrier', { ...wanted, stage: 'planned' });
  await carriers('xixian', 'plan-carrier', { ...base, stage: 'under-way' });
  await carriers('xixian', 'propose-carrier', base);
  await carriers('ankang', 'decline-proposal', { carrier: base.carrier, reason: '空间不足' });
  await carriers('xixian', 'propose-carrier', { ...base, answerBy: '2069-01-01' });
  await carriers('xixian', 'withdraw-proposal', { carrier: base.carrier, reason: '另选' });
  await carriers('xixian', 'propose-carrier', base);
  await carriers('ankang', 'revise-proposal', { ...base, name: '安康协同创新基地' });
  const uscc = completeUscc('91610400MA6Y0001');
  const space = { carrier: 'enclave', unit: 'floor-1', uscc, firm: '示例企业一', areaSquareMetres: 80.25, desks: 8 };
  await carriers('xianyang', 'allocate-space', { ...space, allocation: 'let-1', from: '2023-03-01' });
  await carriers('xianyang', 'allocate-space', {
    ...space,
    allocation: 'let-2',
    from: '2023-04-01',
    until: '2024-04-01',
  });
  await carriers('xianyang', 'release-space', { carrier: 'enclave', allocation: 'let-2', until: '2023-10-01' });
  const annex = { carrier: 'enclave', unit: 'annex', areaSquareMetres: 100, desks: 10, from: '2023-02-01' };
  await carriers('xixian', 'add-space-unit', annex);
  await carriers('xixian', 'withdraw-space-unit', { carrier: 'enclave', unit: 'annex', until: '2023-08-01' });
  // What was stated by mistake.
  const reason = '登记有误';
  await carriers('xianyang', 'allocate-space', { ...space, allocation: 'let-3', from: '2023-04-01' });
  await carriers('xianyang', 'release-space', { carrier: 'enclave', allocation: 'let-3', until: '2023-10-01' });
  await carriers('xianyang', 'reverse-release', { carrier: 'enclave', allocation: 'let-3', reason });
  await carriers('xianyang', 'reverse-allocation', { carrier: 'enclave', allocation: 'let-3', reason });
  await carriers('xixian', 'reverse-unit-withdrawal', { carrier: 'enclave', unit: 'annex', reason });
  await carriers('xixian', 'reverse-space-unit', { carrier: 'enclave', unit: 'annex', reason });
  await carriers('ankang', 'give-notice', { carrier: centre.carrier, closesOn: '2059-01-01' });
  await carriers('ankang', 'reverse-notice', { carrier: centre.carrier, reason });
  await carriers('province', 'correct-agreement', { carrier: centre.carrier, agreementUntil: '2069-09-01', reason });

  const sharing = (path: string, body: object) =>
    done(operator('xianyang'), `sharing/${path}`, { on: '2023-03-01', ...body });
  const instrument = { instrument: 'sem-1', name: '扫描电镜', owner: 'xianyang', originalValueFen: 120_000_000 };
  await sharing('network-instrument', { ...instrument, basis });
  const use = { instrument: 'sem-1', using: 'xixian', sharing: 'external' };
  await sharing('record-use', { ...use, use: 'u-1', hours: 6.5 });
  await sharing('record-use', { ...use, use: 'u-2', using: 'xianyang', sharing: 'internal', hours: 3.25 });
  await sharing('record-use', { ...use, use: 'u-3', lastDay: '2023-03-05', hours: 99 });
  await sharing('reverse-use', { instrument: 'sem-1', use: 'u-3', reason: '重复登记' });
  await sharing('withdraw-instrument', { instrument: 'sem-1', reason: '报废' });
  await sharing('reverse-withdrawal', { instrument: 'sem-1', reason: '误登记' });
  await sharing('withdraw-instrument', { instrument: 'sem-1', reason: '报废' });
  await sharing('network-instrument', { ...instrument, instrument: 'sem-2', basis });
  await sharing('reverse-instrument', { instrument: 'sem-2', reason: '重复登记' });

  const file = (contract: string, type: string, amountFen: number) =>
    done(operator('xixian'), 'contracts/file-contract', {
      on: '2023-03-01',
      contract,
      title: '示例合同',
      type,
      output: 'xixian',
      absorbing: 'xianyang',
      amountFen,
    });
  const recognise = (contract: string, registration: string, technicalRevenueFen: number) =>
    done(province, 'contracts/recognise-contract', { on: '2023-05-01', contract, registration, technicalRevenueFen });
  await file('tc-1', 'development', 50_000_000_00);
  await file('tc-2', 'transfer', 123_45);
  await file('tc-3', 'service', 1);
  await recognise('tc-1', 'rec-1', 40_000_000_00);
  await recognise('tc-2', 'rec-2', 0);
  // Refused, and its registration given back.
  const wrong = { on: '2023-05-01', contract: 'tc-3', registration: 'rec-3', technicalRevenueFen: 2 };
  await platform.send(province, 'POST', '/api/v1/contracts/recognise-contract', wrong);
  const reversal = { on: '2024-01-10', contract: 'tc-2', reverses: 'rec-2', reason: '金额有误' };
  await done(province, 'contracts/reverse-contract', reversal);
  await done(province, 'contracts/refuse-contract', { on: '2023-05-01', contract: 'tc-3', reason: '材料不全' });

  const odd = { on: '2023-06-01', uscc: '91610400MA6Y0A0024' };
  await done(province, 'organisations/admit-code', { ...odd, name: '示例企业', evidence: '营业执照副本', basis });
  await done(province, 'organisations/withdraw-code', { ...odd, on: '2023-07-01', reason: '登记机关已换发' });
  const xixian = operator('xixian');
  await file('tc-4', 'service', 2);
  await done(province, 'contracts/link-twin', { on: '2023-06-01', contract: 'tc-4', twinOf: 'tc-1' });
  await done(province, 'contracts/reverse-twin', { on: '2023-06-02', contract: 'tc-4', reason: '并非同一合同' });
  await done(xixian, 'contracts/reverse-filing', { on: '2023-06-03', contract: 'tc-4', reason: '误报' });
}

const firm = (n: number) => completeUscc(`91610400MA6Y100${n}`);
const INCUBATOR = 'xianyang-incubator';
const xianyang = operator('xianyang');

function admit({ done }: TestPlatform, n: number, desks: number) {
  const space = { carrier: INCUBATOR, unit: 'hall', areaSquareMetres: 50, desks, from: '2016-01-01' };
  const stay = { home: 'xianyang', uscc: firm(n), firm: `示例企业${n}`, field: '新材料', founded: '2015-06-01' };
  return done(xianyang, 'incubation/admit-firm', { on: '2016-01-01', ...space, ...stay });
}

/** After `journey`, while no process runs: what a process would otherwise be faster than. */
export async function journeyBeforeProcesses(platform: TestPlatform): Promise<void> {
  const hall = { carrier: INCUBATOR, unit: 'hall', areaSquareMetres: 500, desks: 50, from: '2015-01-01' };
  await platform.done(xianyang, 'carriers/add-space-unit', { on: '2015-01-01', ...hall });
  await admit(platform, 1, 5);
  const withdrawal = { on: '2016-01-02', carrier: INCUBATOR, uscc: firm(1) };
  await platform.done(xianyang, 'incubation/withdraw-admission', withdrawal);
}

/** After that, with processes: every event that they bring about, one after another. All days have passed long ago. */
export async function journeyOfProcesses(platform: TestPlatform): Promise<void> {
  const { done, send } = platform;
  const has = (stream: string, type: string) =>
    until(`${type} in ${stream}`, async () => {
      const { body } = await send(auditor, 'GET', `/api/v1/streams/${stream}?limit=1000`);
      return (body.events as { type: string }[] | undefined)?.some((event) => event.type === type);
    });
  const incubatee = (n: number) => `incubatee-${INCUBATOR}-${firm(n)}`;
  await has(`process-admission-${INCUBATOR}-${firm(1)}-1`, 'process.step-done.v1');

  await admit(platform, 2, 5);
  await has(incubatee(2), 'incubatee.overstayed.v1');
  // One that had left in time, as is told only after that.
  await admit(platform, 4, 5);
  await has(incubatee(4), 'incubatee.overstayed.v1');
  await done(xianyang, 'incubation/exit-firm', {
    on: '2019-12-31',
    carrier: INCUBATOR,
    uscc: firm(4),
    outcome: 'graduated',
  });
  await has(incubatee(4), 'incubatee.overstay-voided.v1');
  await admit(platform, 3, 51);
  await has(incubatee(3), 'incubatee.rejected.v1');
  const leaving = { on: '2023-06-01', carrier: INCUBATOR, uscc: firm(2), outcome: 'graduated' };
  await done(xianyang, 'incubation/exit-firm', leaving);

  const mistake = { carrier: INCUBATOR, uscc: firm(4), reason: '登记有误' };
  await done(xianyang, 'incubation/reverse-exit', { on: '2023-06-02', ...mistake });
  await has(`process-overstay-${INCUBATOR}-${firm(4)}-1`, 'process.deadline-passed.v1');
  await done(xianyang, 'incubation/reverse-admission', { on: '2023-06-03', ...mistake });

  const on = '2023-03-01';
  const carrier = 'baoji-centre';
  const names = { name: '宝鸡离岸研发中心', kind: '离岸研发中心', home: 'baoji', host: 'xixian' };
  await done(operator('baoji'), 'carriers/propose-carrier', { on, carrier, ...names, basis });
  await done(operator('baoji'), 'carriers/sign-as-home', { on, carrier });
  await done(operator('xixian'), 'carriers/sign-as-host', { on, carrier });
  await done(province, 'carriers/file-carrier', { on, carrier, filing: 'f-3', agreementUntil: '2024-03-01' });
  await has(`carrier-${carrier}`, 'carrier.agreement-expired.v1');
  await done(province, 'carriers/renew-agreement', { on: '2024-02-01', carrier, until: '2069-03-01' });
  await has(`carrier-${carrier}`, 'carrier.expiry-voided.v1');

  // A proposal that had been signed in time, as is told only after it was noticed to have lapsed.
  const late = { ...names, name: '宝鸡第二中心', answerBy: '2023-04-01' };
  await done(operator('baoji'), 'carriers/propose-carrier', { on, carrier: 'baoji-late', ...late, basis });
  await done(operator('baoji'), 'carriers/sign-as-home', { on, carrier: 'baoji-late' });
  await has('carrier-baoji-late', 'carrier.proposal-lapsed.v1');
  await done(operator('xixian'), 'carriers/sign-as-host', { on: '2023-03-31', carrier: 'baoji-late' });
  await has('carrier-baoji-late', 'carrier.lapse-voided.v1');

  const notice = { on: '2023-06-01', carrier: INCUBATOR, closesOn: '2024-01-01' };
  await done(xianyang, 'carriers/give-notice', notice);
  await has(`carrier-${INCUBATOR}`, 'carrier.wound-up.v2');
  // The notice had been revoked before that day, as is told only now.
  await done(xianyang, 'carriers/revoke-notice', { on: '2023-12-01', carrier: INCUBATOR });
  await has(`process-winding-up-${INCUBATOR}-1`, 'process.step-done.v1');
}
