import fc from 'fast-check';
import { kindOf } from '#libs/contexts/carriers';
import type { Actor } from '#libs/eventing';
import { at, specification } from '#libs/testing';
import * as commands from './incubation.commands.js';
import { incubatee, type Incubation } from './incubation.decider.js';
import type { IncubateeEvent } from './incubation.events.js';
import * as steps from './incubation.steps.js';
import { monthsAfter } from './months.js';

const regions = { has: (r: string) => r !== 'nowhere', inHub: () => false };
const world: Incubation = {
  ...regions,
  host: 'xixian',
  incubation: kindOf('飞地孵化器').incubation,
  notRestorable: () => undefined,
};
const { given } = specification(incubatee, { ...commands, ...steps }, world);
const refusal = { refused: true, kind: 'conflict', code: '', zh: '', en: '' } as const;
const operator = (region: string): Actor => ({ id: `o@${region}`, role: 'operator', region });
const home = operator('xianyang');
const province: Actor = { id: 'process:admission', role: 'province' };
const on = '2023-03-01';
const uscc = '91610400MA6Y0A0065';
const of = { carrier: 'x', uscc };
const identity = { ...of, home: 'xianyang', firm: '示例企业' };
const space = { unit: 'u', areaSquareMetres: 80, desks: 8, from: '2023-04-01' };
const admit = { on, ...identity, ...space, field: '软件', founded: '2022-01-01' };

const admitted = (spell = 1) =>
  ({
    type: 'incubatee.admitted.v2',
    data: {
      ...identity,
      host: 'xixian',
      ...space,
      spell,
      until: null,
      field: '软件',
      founded: '2022-01-01',
      stayUntil: '2027-04-01',
      allocation: `in-91610400ma6y0a0065-${spell}`,
    },
  }) satisfies IncubateeEvent;
const stay = { from: '2023-04-01', stayUntil: '2027-04-01', allocation: 'in-91610400ma6y0a0065-1' };
const settled = {
  type: 'incubatee.settled.v2',
  data: { ...identity, spell: 1, ...stay },
} satisfies IncubateeEvent;
const withdrawn: IncubateeEvent = { type: 'incubatee.withdrawn.v1', data: { ...identity, spell: 1 } };
const overstayed: IncubateeEvent = {
  type: 'incubatee.overstayed.v1',
  data: { ...identity, spell: 1, stayUntil: '2027-04-01' },
};
const why = { code: 'space.no-desks', reason: '工位不足', reasonEn: 'Not enough desks' };
const rejected: IncubateeEvent = { type: 'incubatee.rejected.v1', data: { ...identity, spell: 1, ...why } };
const exited = (leftOn: string): IncubateeEvent => ({
  type: 'incubatee.exited.v1',
  data: { ...identity, spell: 1, outcome: 'graduated', leftOn },
});

describe('admission', () => {
  it('is the home region\u2019s', () => {
    given().when('AdmitFirm', admit, home).then(admitted());
    given().when('AdmitFirm', admit, operator('baoji')).refused('region.not-yours');
    given()
      .when('AdmitFirm', { ...admit, home: 'nowhere' }, operator('nowhere'))
      .refused('region.unknown');
  });
  it('takes a firm of at most 24 months, to the day', () => {
    const founded = (day: string) => given().when('AdmitFirm', { ...admit, founded: day }, home);
    expect(founded('2021-04-01').events()).toHaveLength(1);
    founded('2021-03-31').refused('incubatee.too-old');
    founded('2023-04-02').refused('incubatee.founded-later');
  });
  it('is for 48 months, or 60 in the fields that take longer', () => {
    const until = (field: string, day: string) => given().when('AdmitFirm', { ...admit, field, until: day }, home);
    expect(until('软件', '2027-04-01').events()).toMatchObject([{ data: { stayUntil: '2027-04-01' } }]);
    until('软件', '2027-04-02').refused('incubatee.stay-too-long');
    for (const field of ['生物医药', '集成电路', '现代农业']) {
      expect(until(field, '2028-04-01').events()).toMatchObject([{ data: { stayUntil: '2028-04-01' } }]);
      until(field, '2028-04-02').refused('incubatee.stay-too-long');
    }
    until('软件', '2023-04-01').refused('period.order');
  });
  it('asks for no age, and knows no longest stay, where firms are not incubated', () => {
    const old = { ...admit, founded: '1995-01-01', until: '2043-01-01' };
    for (const kind of ['加速器', '离岸研发中心', '协同创新基地', 'toString']) {
      const elsewhere = specification(incubatee, { ...commands, ...steps }, { ...world, ...kindOf(kind) }).given();
      expect(elsewhere.when('AdmitFirm', old, home).events()).toMatchObject([{ data: { stayUntil: null } }]);
    }
    for (const kind of ['孵化器', '飞地孵化器']) {
      const elsewhere = specification(incubatee, { ...commands, ...steps }, { ...world, ...kindOf(kind) }).given();
      elsewhere.when('AdmitFirm', old, home).refused('incubatee.too-old');
    }
    const endless = { ...admitted(), data: { ...admitted().data, stayUntil: null } } as IncubateeEvent;
    given(endless, settled)
      .when('FlagOverstay', { on: '2043-01-01', ...of, spell: 1 }, province)
      .refused('incubatee.any-stay');
  });
  it('comes to one end', () => {
    const confirm = { on, ...of, spell: 1 };
    const reject = { ...confirm, ...why };
    given(admitted()).when('ConfirmAdmission', confirm, province).then(settled);
    given(admitted()).when('RejectAdmission', reject, province).then(rejected);
    given(admitted())
      .when('WithdrawAdmission', { on, ...of }, home)
      .then(withdrawn);
    for (const end of [settled, rejected, withdrawn]) {
      given(admitted(), end).when('ConfirmAdmission', confirm, province).refused('incubatee.not-admitted');
      given(admitted(), end).when('RejectAdmission', reject, province).refused('incubatee.not-admitted');
    }
    given(admitted(), settled)
      .when('WithdrawAdmission', { on, ...of }, home)
      .refused('incubatee.settled');
    given(admitted(), rejected)
      .when('WithdrawAdmission', { on, ...of }, home)
      .refused('incubatee.not-admitted');
    given(admitted())
      .when('WithdrawAdmission', { on, ...of }, operator('baoji'))
      .refused('region.not-yours');
    given()
      .when('WithdrawAdmission', { on, ...of }, home)
      .refused('incubatee.unknown');
  });
  it('is of one firm once at a time, and of one that came to nothing or left again as another spell', () => {
    for (const history of [[admitted()], [admitted(), settled]]) {
      given(...history)
        .when('AdmitFirm', admit, home)
        .refused('incubatee.exists');
    }
    given(admitted(), rejected).when('AdmitFirm', admit, home).then(admitted(2));
    given(admitted(), withdrawn).when('AdmitFirm', admit, home).then(admitted(2));
    given(admitted(), settled, exited('2023-04-01')).when('AdmitFirm', admit, home).then(admitted(2));
    given(admitted(), settled, exited('2023-04-02')).when('AdmitFirm', admit, home).refused('incubatee.before-exit');
  });
  it('of a later spell is not settled by a step of an earlier one', () =>
    given(admitted(), withdrawn, admitted(2))
      .when('ConfirmAdmission', { on, ...of, spell: 1 }, province)
      .refused('incubatee.not-admitted'));
});

describe('a stay', () => {
  const there = [admitted(), settled];
  const leave = { on: '2025-01-01', ...of, outcome: 'graduated' } as const;

  it('ends once, on a day after it began', () => {
    given(...there)
      .when('ExitFirm', leave, home)
      .then(exited('2025-01-01'));
    given(...there)
      .when('ExitFirm', { ...leave, on: '2023-03-31' }, home)
      .refused('fact.too-early');
    given(...there)
      .when('ExitFirm', leave, operator('baoji'))
      .refused('region.not-yours');
    given(...there, exited('2025-01-01'))
      .when('ExitFirm', leave, home)
      .refused('incubatee.not-settled');
  });
  it('is flagged once when it is too long, and never when it is over', () => {
    const flag = { on: '2027-04-01', ...of, spell: 1 };
    given(...there)
      .when('FlagOverstay', flag, province)
      .then(overstayed);
    given(...there, overstayed)
      .when('FlagOverstay', flag, province)
      .refused('incubatee.noticed');
    for (const inTime of ['2025-01-01', '2027-03-31']) {
      given(...there, exited(inTime))
        .when('FlagOverstay', flag, province)
        .refused('incubatee.in-time');
    }
    given(admitted()).when('FlagOverstay', flag, province).refused('incubatee.not-settled');
    given(...there, overstayed)
      .when('ExitFirm', { ...leave, on: '2027-06-01' }, home)
      .then(exited('2027-06-01'));
  });
});

describe('a stay that is told of late', () => {
  const there = [admitted(), settled];
  const flag = { on: '2027-04-01', ...of, spell: 1 };
  const voiding = { ...flag, on: '2027-03-31', fact: 'e-9' };

  it('is noticed as too long by its days alone: the last is the day before its end', () => {
    given(...there, exited('2027-04-01'))
      .when('FlagOverstay', flag, province)
      .then(overstayed);
    given(...there, overstayed, exited('2027-03-31'))
      .when('VoidOverstay', voiding, province)
      .then({
        type: 'incubatee.overstay-voided.v1',
        data: { ...identity, spell: 1, stayUntil: '2027-04-01', fact: 'e-9' },
      });
    for (const over of [[], [exited('2027-04-01')]]) {
      given(...there, overstayed, ...over)
        .when('VoidOverstay', voiding, province)
        .refused('incubatee.overstayed');
    }
    given(...there, exited('2027-03-31'))
      .when('VoidOverstay', voiding, province)
      .refused('incubatee.not-noticed');
  });
  it('may lie before another, if it says until when it was', () => {
    const earlier = { ...admit, from: '2022-04-01', founded: '2022-01-01' };
    given(...there)
      .when('AdmitFirm', earlier, home)
      .refused('incubatee.exists');
    given(...there)
      .when('AdmitFirm', { ...earlier, until: '2023-04-02' }, home)
      .refused('incubatee.exists');
    const late = given(...there).when('AdmitFirm', { ...earlier, until: '2023-04-01' }, home);
    expect(late.events()).toMatchObject([{ data: { spell: 2, from: '2022-04-01' } }]);
    given(...there, exited('2025-01-01'))
      .when('AdmitFirm', { ...earlier, until: '2023-04-02' }, home)
      .refused('incubatee.before-exit');
  });
  it('ends for the stay that covers the day', () => {
    const second = { ...admitted(2).data, from: '2022-04-01', until: '2023-04-01' };
    const both = [
      ...there,
      { type: 'incubatee.admitted.v2', data: second } as IncubateeEvent,
      { type: 'incubatee.settled.v2', data: { ...settled.data, spell: 2 } } as IncubateeEvent,
    ];
    const leave = (day: string) => given(...both).when('ExitFirm', { on: day, ...of, outcome: 'exited' }, home);
    expect(leave('2023-03-31').events()).toMatchObject([{ data: { spell: 2 } }]);
    expect(leave('2023-04-01').events()).toMatchObject([{ data: { spell: 1 } }]);
  });
});

describe('a correction', () => {
  const there = [admitted(), settled];
  const reason = '登记有误';
  const fields = { on: '2025-06-01', ...of, reason };
  const { allocation } = stay;
  const gone: IncubateeEvent = {
    type: 'incubatee.admission-reversed.v1',
    data: { ...identity, spell: 1, from: '2023-04-01', allocation, reason },
  };
  const back: IncubateeEvent = {
    type: 'incubatee.exit-reversed.v1',
    data: { ...identity, spell: 1, leftOn: '2025-01-01', allocation, reason },
  };

  it('takes an admission back, its exit first, and the firm may be admitted anew', () => {
    given(...there)
      .when('ReverseAdmission', fields, home)
      .then(gone);
    given(...there)
      .when('ReverseAdmission', fields, operator('baoji'))
      .refused('region.not-yours');
    given(...there, exited('2025-01-01'))
      .when('ReverseAdmission', fields, home)
      .refused('incubatee.left');
    given(...there, exited('2025-01-01'))
      .when('ReverseAdmission', fields, home)
      .says('2025-01-01');
    given(...there, exited('2025-01-01'), back)
      .when('ReverseAdmission', fields, home)
      .then(gone);
    given(...there, gone)
      .when('ReverseAdmission', fields, home)
      .refused('incubatee.not-settled');
    given(...there, gone)
      .when('AdmitFirm', admit, home)
      .then(admitted(2));
    given(...there, gone)
      .when('ExitFirm', { on: '2025-01-01', ...of, outcome: 'exited' }, home)
      .refused('incubatee.not-settled');
  });
  it('takes an exit back, and it may be recorded anew', () => {
    given(...there, exited('2025-01-01'))
      .when('ReverseExit', fields, home)
      .then(back);
    given(...there)
      .when('ReverseExit', fields, home)
      .refused('incubatee.not-left');
    given(...there, exited('2025-01-01'), back)
      .when('ExitFirm', { on: '2025-02-01', ...of, outcome: 'graduated' }, home)
      .then(exited('2025-02-01'));
    given(...there, exited('2025-01-01'))
      .when('ReverseExit', { ...fields, on: '2024-12-31' }, home)
      .refused('fact.too-early');
  });
  it('takes no exit back after which the firm came back, or its space was let', () => {
    const again = { ...admitted(2), data: { ...admitted(2).data, from: '2025-03-01' } };
    given(...there, exited('2025-01-01'), again)
      .when('ReverseExit', { ...fields, spell: 1 }, home)
      .refused('incubatee.exists');
    const short = { ...refusal, code: 'space.no-desks' };
    const full = { ...world, notRestorable: (id: string) => (id === allocation ? short : undefined) };
    specification(incubatee, { ...commands, ...steps }, full)
      .given(...there, exited('2025-01-01'))
      .when('ReverseExit', fields, home)
      .refused('space.no-desks');
  });
});

describe('what follows from a fact is not dated before it, and may be on the same day', () => {
  const late = at('2023-06-01', admitted());
  it.each([
    ['its admission', 'WithdrawAdmission', {}, [late]],
    ['its admission', 'ExitFirm', { outcome: 'exited' }, [late, settled]],
  ] as const)('%s: %s', (what, name, fields, history) => {
    const decide = (day: string) => given(...history).when(name, { on: day, ...of, ...fields }, home);
    decide('2023-05-31').refused('fact.too-early');
    decide('2023-05-31').says('2023-05-31', '2023-06-01', what);
    expect(decide('2023-06-01').events()).toHaveLength(1);
  });
});

describe('months', () => {
  it.each([
    ['2023-01-31', 1, '2023-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2024-02-29', 60, '2029-02-28'],
    ['2023-12-15', 1, '2024-01-15'],
  ])('from %s, %i later, is %s', (day, months, later) => expect(monthsAfter(day, months)).toBe(later));

  it('are in order, whatever the day', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, day, fc.nat(120), (a, b, months) => {
        const [earlier, later] = [a, b].sort() as [string, string];
        expect(monthsAfter(earlier, months) <= monthsAfter(later, months)).toBe(true);
      }),
    );
  });
});
