import fc from 'fast-check';
import { carrier as carriers, kindOf, type CarrierEvent } from '#libs/contexts/carriers';
import {
  evolve,
  isRefusal,
  outcomeOf,
  processActor,
  processStream,
  reacted,
  stepContext,
  type Actor,
  type AnyDecider,
  type DomainEvent,
  type NewEvent,
  type ProcessInstance,
  type RecordedEvent,
} from '#libs/eventing';
import { anEvent, done, passed, processSpecification, refused } from '#libs/testing';
import { incubatee, type Incubation } from './incubation.decider.js';
import type { IncubateeEvent } from './incubation.events.js';
import { admission } from './incubation.process-managers.js';
import { overstay } from './stay.process-manager.js';

const uscc = '91610400MA6Y0A0065';
const on = '2023-03-01';
const identity = { carrier: 'x', home: 'xianyang', uscc, firm: '示例企业', spell: 1 };
const allocation = 'in-91610400ma6y0a0065-1';
const stay = { from: '2023-04-01', stayUntil: '2027-04-01', allocation };
const space = { unit: 'u', areaSquareMetres: 80, desks: 8 };
const admitted: IncubateeEvent = {
  type: 'incubatee.admitted.v2',
  data: { ...identity, host: 'xixian', ...stay, ...space, until: null, field: '软件', founded: '2022-01-01' },
};
const settled: IncubateeEvent = { type: 'incubatee.settled.v2', data: { ...identity, ...stay } };
const withdrawn: IncubateeEvent = { type: 'incubatee.withdrawn.v1', data: identity };

describe('admission', () => {
  const { given } = processSpecification(admission);
  const spell = { carrier: 'x', uscc, spell: 1 };
  const taken = {
    type: 'space.allocated.v1',
    data: {
      carrier: 'x',
      name: 'n',
      kind: '飞地孵化器',
      home: 'xianyang',
      host: 'xixian',
      uscc,
      firm: 'f',
      ...space,
      allocation,
      from: '2023-04-01',
      until: null,
    },
  } satisfies CarrierEvent;
  const allocated = { ...taken, by: processActor('admission', 'xianyang') };
  const reject = (code: string) =>
    ['reject', 'RejectAdmission', { on, ...spell, code, reason: `中文 ${code}`, reasonEn: code }] as const;
  const confirm = ['confirm', 'ConfirmAdmission', { on, ...spell }] as const;
  const release = ['release', 'ReleaseSpace', { on, carrier: 'x', allocation, until: '2023-04-01' }] as const;

  it('asks for the space, with the authority of the home region and no more', () => {
    const fields = { on, carrier: 'x', allocation, uscc, firm: '示例企业', ...space, from: '2023-04-01' };
    given(admitted).wants(['allocate', 'AllocateSpace', fields]);
    expect(given(admitted).row()?.pending[0]?.actingFor).toBe('xianyang');
  });
  it('settles the firm that has got it', () => {
    given(admitted, allocated, done('allocate')).wants(confirm);
    given(admitted, allocated, done('allocate'), done('confirm')).ends('settled');
  });
  it('rejects the firm that has not, with the reason that the carrier gave', () => {
    given(admitted, refused('allocate', 'space.no-desks')).wants(reject('space.no-desks'));
    given(admitted, refused('allocate', 'space.no-desks'), done('reject')).ends('rejected');
  });
  it('gives the space back when the admission is withdrawn while it is being allocated', () => {
    given(admitted, withdrawn, allocated, done('allocate')).wants(release);
    given(admitted, withdrawn, allocated, done('allocate'), done('release')).ends('withdrawn');
    given(admitted, withdrawn, refused('allocate', 'space.no-desks')).ends('withdrawn');
  });
  it('gives the space back when it is withdrawn while it is being confirmed', () => {
    const late = [admitted, allocated, done('allocate'), withdrawn] as const;
    given(...late).wants(confirm, release);
    given(...late, refused('confirm', 'incubatee.not-admitted')).goesOn();
    given(...late, refused('confirm', 'incubatee.not-admitted'), done('release')).ends('withdrawn');
  });
  it('ends as the firm does when it is withdrawn while it is being rejected', () => {
    const late = [admitted, refused('allocate', 'space.no-desks'), withdrawn] as const;
    given(...late, done('reject')).ends('rejected');
    given(...late, refused('reject', 'incubatee.not-admitted')).ends('withdrawn');
  });
  it('gives the space back that a dispatcher took which woke up after the refusal stood', () => {
    const over = [admitted, refused('allocate', 'space.no-desks'), done('reject')] as const;
    given(...over, allocated).wants(release);
    given(...over, allocated).ends('rejected');
    given(...over, allocated, done('release')).ends('rejected');
    given(admitted, withdrawn, refused('allocate', 'space.no-desks'), allocated).wants(release);
  });
  it('and when it took it just before the refusal was recorded', () => {
    const early = [admitted, allocated, refused('allocate', 'space.no-desks')] as const;
    given(...early).wants(reject('space.no-desks'), release);
    given(admitted, withdrawn, allocated, refused('allocate', 'space.no-desks')).wants(release);
  });
  it('leaves alone what an operator let under the same name', () => {
    const over = [admitted, refused('allocate', 'allocation.exists'), done('reject')] as const;
    given(...over, taken).wants();
    given(...over, { ...allocated, data: { ...allocated.data, allocation: 'let-1' } }).wants();
  });
});

describe('overstay', () => {
  const { given } = processSpecification(overstay);
  const back = (on: string) => ['give-back', 'ReleaseSpace', { on, carrier: 'x', allocation, until: on }] as const;
  const exited: IncubateeEvent = {
    type: 'incubatee.exited.v1',
    data: { ...identity, outcome: 'graduated', leftOn: '2025-01-01' },
  };
  it('flags the firm that is still there when its longest stay is over', () => {
    given(settled).waitsFor('longest-stay', '2027-03-31T16:00:00.000Z');
    given(settled, passed('longest-stay')).wants([
      'flag',
      'FlagOverstay',
      { on: '2027-04-01', carrier: 'x', uscc, spell: 1 },
    ]);
    given(settled, passed('longest-stay'), done('flag')).ends('overstayed');
  });
  it('does not flag the firm that has left', () => {
    given(settled, exited).ends('exited');
    given(settled, passed('longest-stay'), exited, refused('flag', 'incubatee.in-time')).ends('exited');
    given(settled, passed('longest-stay'), exited, done('flag')).ends('overstayed');
  });
  const left = (leftOn: string) => ({ ...exited, data: { ...exited.data, leftOn } }) as IncubateeEvent;
  const voided = (on: string, fact: string) =>
    ['void', 'VoidOverstay', { on, carrier: 'x', uscc, spell: 1, fact }] as const;
  it('voids the notice by an exit in time that was recorded later, to the last day', () => {
    const over = [settled, passed('longest-stay'), done('flag')] as const;
    given(...over, left('2027-03-31')).wants(back('2027-03-31'), voided('2027-03-31', 'event-3'));
    given(...over, left('2027-04-01')).wants(back('2027-04-01'));
    given(settled, passed('longest-stay'), left('2025-01-01'), done('flag')).wants(
      back('2025-01-01'),
      voided('2025-01-01', 'event-2'),
    );
  });
  it('flags all the same who left too late, though it is recorded before the day is noticed', () => {
    given(settled, left('2027-04-01')).waitsFor('longest-stay', '2027-03-31T16:00:00.000Z');
    given(settled, left('2027-04-01')).goesOn();
    given(settled, left('2027-04-01'), passed('longest-stay'), done('flag')).ends('overstayed');
    given(settled, left('2027-04-01'), passed('longest-stay'), done('flag')).wants(back('2027-04-01'));
  });
  it('gives the space back that came with the admission, with the authority of home and no more', () => {
    given(settled, exited).wants(back('2025-01-01'));
    expect(given(settled, exited).row()?.pending[0]?.actingFor).toBe('xianyang');
    // Given back before, or with a carrier that is no more: that is no trouble.
    given(settled, exited, refused('give-back', 'allocation.released')).ends('exited');
  });
  it('waits for no day where a stay has no longest', () => {
    const endless = { ...settled, data: { ...settled.data, stayUntil: null } } as IncubateeEvent;
    expect(given(endless).row()).toMatchObject({ due: null, end: null });
    given(endless, left('2037-01-01')).ends('exited');
  });

  const released = (id: string): CarrierEvent => ({
    type: 'space.released.v1',
    data: {
      carrier: 'x',
      name: 'n',
      kind: '飞地孵化器',
      home: 'xianyang',
      host: 'xixian',
      uscc,
      firm: 'f',
      ...space,
      allocation: id,
      from: '2023-04-01',
      until: '2024-01-01',
    },
  });
  const closing = { ...released(allocation), by: processActor('winding-up') };
  it('goes on when its exit is reversed: it has its space again, and its longest stay is waited for', () => {
    const back: IncubateeEvent = {
      type: 'incubatee.exit-reversed.v1',
      data: { ...identity, leftOn: '2025-01-01', allocation, reason: 'r' },
    };
    const over = [settled, exited, done('give-back'), back] as const;
    given(...over).wants(['restore', 'ReverseRelease', { on: '2023-03-01', carrier: 'x', allocation, reason: 'r' }]);
    given(...over).goesOn();
    given(...over, done('restore')).waitsFor('longest-stay', '2027-03-31T16:00:00.000Z');
    given(...over, done('restore'), passed('longest-stay'), done('flag')).ends('overstayed');
    given(...over, done('restore'), left('2026-01-01')).ends('exited');
  });
  it('ends when its admission is reversed, and gives back all of the space', () => {
    const back: IncubateeEvent = {
      type: 'incubatee.admission-reversed.v1',
      data: { ...identity, from: '2023-04-01', allocation, reason: 'r' },
    };
    const never = { on: '2023-03-01', carrier: 'x', allocation, until: '2023-04-01' };
    given(settled, back).wants(['take-back', 'ReleaseSpace', never]);
    given(settled, back).ends('reversed');
  });
  it('leaves with the carrier that is wound up, and for no other release', () => {
    const leave = { on: '2024-01-01', carrier: 'x', uscc, outcome: 'exited' };
    given(settled, closing).wants(['leave', 'ExitFirm', leave]);
    expect(given(settled, closing).row()?.pending[0]?.actingFor).toBe('xianyang');
    given(settled, exited, done('give-back'), closing).wants();
    given(settled, released(allocation)).wants();
    given(settled, { ...released('let-1'), by: processActor('winding-up') }).wants();
  });
  it('comes back with the carrier whose winding up is void, if it had left with it', () => {
    const restored = {
      type: 'space.release-reversed.v1',
      data: { ...released(allocation).data, until: null, reason: 'r' },
    } as CarrierEvent;
    const with_ = [settled, closing, left('2024-01-01'), done('leave'), done('give-back')] as const;
    const fields = { on: '2024-01-01', carrier: 'x', uscc, spell: 1, reason: 'r' };
    given(...with_, restored).wants(['come-back', 'ReverseExit', fields]);
    given(settled, exited, done('give-back'), restored).wants();
  });
});

/**
 * The whole of an admission in memory, with the real deciders: two dispatchers, of which either may stop anywhere and go
 * on much later on what it read before, the operator, and a rival for the last desk.
 */
class Simulation {
  readonly log: RecordedEvent[] = [];
  private readonly reading = new Map<string, Reading>();

  constructor() {
    // Of a kind that lets space to others too.
    const enclave = { carrier: 'x', name: 'n', kind: '离岸研发中心', home: 'xianyang', host: 'xixian' };
    const offer = { unit: 'u', areaSquareMetres: 100, desks: 10, from: '2023-01-01', until: null };
    const long = (type: string, data: object) => {
      const event = anEvent(type, data);
      return { ...event, metadata: { ...event.metadata, occurredAt: '2023-01-01' } };
    };
    this.append('carrier-x', [
      long('carrier.registered.v1', { ...enclave, basis: { document: 'd', clause: 'c' } }),
      long('space.added.v1', { ...enclave, ...offer }),
    ]);
    const firm = { on, ...identity, ...space, from: '2023-04-01', field: '软件', founded: '2022-01-01' };
    this.execute(incubatee, 'AdmitFirm', firm, 'admit', home);
  }

  stream(name: string): RecordedEvent[] {
    return this.log.filter((e) => e.stream === name);
  }

  append(stream: string, events: readonly NewEvent[]): void {
    for (const event of events) {
      const revision = this.stream(stream).length;
      this.log.push({ ...event, stream, revision, position: String(this.log.length).padStart(6, '0') });
    }
  }

  /** What the executor does, without its ways to fail. */
  execute(decider: AnyDecider, name: string, command: object, commandId: string, by: Actor) {
    const stream = `${decider.category}-${decider.id(command)}`;
    if (this.stream(stream).some((e) => e.metadata.commandId === commandId)) return undefined;
    const state = this.stream(stream).reduce<unknown>(
      (s, e) => evolve(decider, s, e, e.metadata.occurredAt),
      decider.initial,
    );
    const decision = decider.decide[name]!(command, state, { by, world });
    if (isRefusal(decision)) return decision;
    const events = (decision as DomainEvent[]).map(({ type, data }) => {
      const event = anEvent(type, data);
      return { ...event, metadata: { ...event.metadata, commandId, actor: by, occurredAt: on } };
    });
    this.append(stream, events);
    return undefined;
  }

  instance(upTo = this.log.length): ProcessInstance | undefined {
    return this.log.slice(0, upTo).reduce<ProcessInstance | undefined>((row, event) => {
      const touch = (admission.on as Record<string, { key?(data: object, event: RecordedEvent): unknown }>)[event.type];
      if (!touch || (touch.key && touch.key(event.data, event) !== KEY)) return row;
      const next = reacted(admission, KEY, row as never, event);
      return next && { occurredAt: on, position: '', ...next };
    }, undefined);
  }

  /** Reads the instance, as it stood `lag` events ago: the projection may be behind. */
  read(who: string, lag: number): void {
    const row = this.instance(Math.max(0, this.log.length - lag));
    if (row && this.stream(processStream(row)).length === row.revision + 1) {
      this.reading.set(who, { row, revision: row.revision, next: 0 });
    }
  }

  /** Carries out its next step, or records the answer to the one that it has carried out. */
  goOn(who: string): void {
    const at = this.reading.get(who);
    const pending = at?.row.pending[at.next];
    if (!at || !pending) return;
    if (!at.answer) {
      const decider = [carriers, incubatee].find((d) => d.category === pending.context)!;
      const { commandId, by } = stepContext(at.row, pending);
      const refusal = this.execute(decider, pending.command, pending.fields, commandId, by);
      at.answer = outcomeOf(at.row, pending, refusal, new Date(0));
    } else if (this.stream(processStream(at.row)).length === at.revision + 1) {
      this.append(processStream(at.row), [at.answer]);
      this.reading.set(who, { row: at.row, revision: at.revision + 1, next: at.next + 1 });
    } else {
      this.reading.delete(who);
    }
  }

  finish(): void {
    for (let n = 0; n < 50 && this.instance()!.pending.length > 0; n++) {
      this.read('last', 0);
      this.goOn('last');
      this.goOn('last');
    }
  }
}

interface Reading {
  readonly row: ProcessInstance;
  readonly revision: number;
  readonly next: number;
  answer?: NewEvent;
}

const KEY = `x-${uscc}-1`;
const allocationOf = ({ data }: RecordedEvent) => (data as { allocation?: string }).allocation ?? '';
const codeOf = ({ data }: RecordedEvent) => (data as { code?: string }).code;
const home: Actor = { id: 'o', role: 'operator', region: 'xianyang' };
const world: Incubation = {
  has: () => true,
  inHub: () => false,
  host: 'xixian',
  ...kindOf('飞地孵化器'),
  notRestorable: () => undefined,
};

const acts: Record<string, (s: Simulation, n: number) => void> = {
  readA: (s, n) => s.read('a', n),
  readB: (s, n) => s.read('b', n),
  goOnA: (s) => s.goOn('a'),
  goOnB: (s) => s.goOn('b'),
  withdraw: (s) => s.execute(incubatee, 'WithdrawAdmission', { on, carrier: 'x', uscc }, 'withdraw', home),
  rivalComes: (s) => {
    const rival = { carrier: 'x', allocation: `rival-${s.log.length}`, uscc: 'c', firm: 'f', ...space };
    s.execute(carriers, 'AllocateSpace', { on, ...rival, from: '2023-01-01' }, `comes-${s.log.length}`, home);
  },
  rivalGoes: (s) => {
    const last = s.stream('carrier-x').findLast((e) => allocationOf(e).startsWith('rival-'));
    const left = { on, carrier: 'x', allocation: last ? allocationOf(last) : 'nobody', until: '2023-01-01' };
    s.execute(carriers, 'ReleaseSpace', left, `goes-${s.log.length}`, home);
  },
};

it('comes to exactly one end, with the space or without, whoever stops where and for how long', () => {
  const seen = { settled: 0, rejected: 0, withdrawn: 0, healed: 0 };
  const lag = fc.constantFrom(0, 0, 0, 1, 2);
  const act = fc.tuple(fc.constantFrom(...Object.keys(acts), 'goOnA', 'goOnB', 'goOnA', 'goOnB'), lag);
  fc.assert(
    fc.property(fc.array(act, { minLength: 8, maxLength: 40, size: 'max' }), (list) => {
      const simulation = new Simulation();
      for (const [name, n] of list) acts[name]!(simulation, n);
      simulation.finish();
      const { end, pending } = simulation.instance()!;
      const history = simulation.stream(`incubatee-x-${uscc}`).map((e) => e.type);
      expect(pending).toEqual([]);
      expect(history).toEqual(['incubatee.admitted.v2', `incubatee.${end}.${end === 'settled' ? 'v2' : 'v1'}`]);
      const ours = simulation
        .stream('carrier-x')
        .filter((e) => allocationOf(e) === allocation)
        .map((e) => [e.type, (e.data as { until: string | null }).until]);
      const held = ['space.allocated.v1', null];
      const freed = ['space.released.v1', '2023-04-01'];
      if (end === 'settled') expect(ours).toEqual([held]);
      else expect(ours.length === 0 || ours).toEqual(ours.length === 0 || [held, freed]);
      seen[end as 'settled']++;
      const answers = simulation.stream(`process-admission-${KEY}`);
      const stood = answers.some((e) => e.type === 'process.step-refused.v1' && 'space.no-desks' === codeOf(e));
      if (stood && ours.length > 0) seen.healed++;
    }),
    { numRuns: 1_000 },
  );
  // The faults came about, among them a space that was allocated although its refusal stands.
  for (const [what, times] of Object.entries(seen)) expect([what, times > 0]).toEqual([what, true]);
}, 60_000);
