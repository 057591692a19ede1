import { createHash } from 'node:crypto';
import { v5 as uuidV5 } from 'uuid';
import { canonicalJson } from './canonical.js';
import type { Command, CommandClasses, Decider, Refusal } from './decider.js';
import type { Actor, DomainEvent, NewEvent, RecordedEvent } from './event.js';
import type { CommandContext } from './execute.js';
import { projection, type AnyProjection, type RowStep, type Traced, type Untraced } from './projection.js';

/** The instance of a process that one of its own events belongs to. */
interface OfInstance {
  readonly process: string;
  readonly key: string;
}

interface Answered extends OfInstance {
  readonly step: string;
  readonly commandId: string;
}

/** What happens to a process itself, in a stream of each instance: with these, the log holds all there is to know of it. */
export type ProcessEvent =
  | { type: 'process.step-done.v1'; data: Answered }
  | { type: 'process.step-refused.v1'; data: Answered & Pick<Refusal, 'code' | 'zh' | 'en'> }
  | { type: 'process.deadline-passed.v1'; data: OfInstance & { deadline: string; due: string } };

/** What people read in place of their names. */
export const processEvents: Readonly<Record<ProcessEvent['type'], readonly [zh: string, en: string]>> = {
  'process.step-done.v1': ['流程步骤已办', 'Step of a process done'],
  'process.step-refused.v1': ['流程步骤被拒', 'Step of a process refused'],
  'process.deadline-passed.v1': ['流程期限已到', 'Deadline of a process passed'],
};

/** One command that a process wants carried out. Made by `step`. */
export interface Step {
  readonly step: string;
  /** The category of the command's decider. */
  readonly context: string;
  readonly command: string;
  readonly fields: Command;
  readonly actingFor?: string;
}

/**
 * A step, checked against the decider's own commands.
 *
 * @param name what the outcome is recorded under; no two steps of one reaction have the same
 * @param actingFor the region whose operator's authority the step has; that of the province when absent. Where the
 *   process carries on what an operator began, it must not be able to do more than that operator
 */
export function step<State, E extends DomainEvent, Commands extends CommandClasses, World, K extends keyof Commands>(
  name: string,
  context: Decider<State, E, Commands, World>,
  command: K & string,
  fields: InstanceType<Commands[K]>,
  actingFor?: string,
): Step {
  return { step: name, context: context.category, command, fields, actingFor };
}

/** What an event makes of an instance. What is left out stays as it is. */
export interface Reaction<State> {
  readonly state: State;
  /** Carried out in this order, each once; each is answered by `process.step-done.v1` or `process.step-refused.v1`. */
  readonly do?: readonly Step[];
  /** Replaces the deadline there was; null takes it away. `at` is an instant, see `startOfDay`. */
  readonly deadline?: { readonly name: string; readonly at: string } | null;
  /**
   * How it ended. The first end stands, unless a later fact shows that it is not over: null lets it go on. An instance that
   * has ended waits for no deadline, but still reacts.
   */
  readonly end?: string | null;
}

// The bivariance of a method parameter lets `on` be written per event type and be called with any.
type Touch<State, E extends DomainEvent> = {
  /** Which instance the event touches, if any. */
  key(data: E['data'], event: RecordedEvent<E>): string | undefined;
  /** Undefined: nothing. `state` is undefined for an instance that has not begun. Pure: no clock, no I/O, no random. */
  react(state: State | undefined, data: E['data'], event: RecordedEvent<E>): Reaction<State> | undefined;
};
type Outcome<State, E extends DomainEvent> = {
  react(state: State, data: E['data'], event: RecordedEvent<E>): Reaction<State> | undefined;
};

/** A process that runs over several streams, and for years: what it does next on each event, as a pure value. */
export interface ProcessManager<State, E extends DomainEvent> {
  readonly name: string;
  readonly on: { readonly [T in E['type']]?: Touch<State, Extract<E, { type: T }>> } & {
    readonly [T in ProcessEvent['type']]?: Outcome<State, Extract<ProcessEvent, { type: T }>>;
  };
}

/** A process whose types only the compiler needs to know. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyProcessManager = ProcessManager<any, any>;

/** Names the types once, so that the object literal is checked against them. */
export function processManager<State, E extends DomainEvent>(
  definition: ProcessManager<State, E>,
): ProcessManager<State, E> {
  return definition;
}

interface Cause {
  readonly causationId: string;
  readonly correlationId: string;
}

/** A step that has no answer yet. */
export interface PendingStep extends Step, Cause {
  readonly commandId: string;
}

/** An event of a context that the instance has reacted to. */
export interface Trigger {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
}

/** An instance as it stands: a row of an ordinary projection, so that replaying the log rebuilds it. */
export interface ProcessInstance<State = unknown> extends Traced {
  process: string;
  key: string;
  state: State;
  /** In order. */
  pending: readonly PendingStep[];
  deadline: ({ readonly name: string } & Cause) | null;
  /** The deadline's instant in UTC, as `Date.toISOString` writes it: these compare as strings. */
  due: string | null;
  status: 'running' | 'ended';
  end: string | null;
  /** All regions that its events concern. */
  regions: readonly string[];
  /** The revision of its own stream that this row has seen; -1 before the first. */
  revision: number;
  triggers: readonly Trigger[];
}

/** The stream of an instance's own events. */
export const processStream = ({ process, key }: OfInstance): string => `process-${process}-${key}`;

/** The first instant of a day in China Standard Time. */
export const startOfDay = (day: string): string => `${day}T00:00:00+08:00`;

/** Who a process is where it acts. */
export const processActor = (name: string, region?: string): Actor =>
  region === undefined
    ? { id: `process:${name}`, role: 'province' }
    : { id: `process:${name}`, role: 'operator', region };

/** Whether it is a process that acts, and no person. */
export const isProcess = ({ id }: Actor): boolean => id.startsWith('process:');

/** The namespace of the ids that are derived from what a process does. */
const PROCESSES = '5d0c9a52-6f0e-4a1b-8f4e-2b7c1d9e3a64';
const idOf = (...parts: readonly string[]) => uuidV5(canonicalJson(parts), PROCESSES);

const OWN: readonly string[] = [
  'process.step-done.v1',
  'process.step-refused.v1',
  'process.deadline-passed.v1',
] satisfies ProcessEvent['type'][];

const isOwn = (event: RecordedEvent): event is RecordedEvent<ProcessEvent> => OWN.includes(event.type);

/**
 * The instances of all processes as one row projection.
 *
 * @throws Error when the names of two could give one stream name
 */
export function processRows(
  version: number,
  row: new () => ProcessInstance,
  processes: readonly AnyProcessManager[],
): AnyProjection {
  for (const [i, { name }] of processes.entries()) {
    const other = processes.find((p, j) => i !== j && `${p.name}-`.startsWith(`${name}-`));
    if (other) throw new Error(`processes ${name} and ${other.name}: their streams could have the same name`);
  }
  const steps: Record<string, RowStep<ProcessInstance>[]> = {};
  for (const of of processes) {
    const touches = Object.entries(of.on as Readonly<Record<string, Touch<unknown, DomainEvent>>>);
    for (const [type, touch] of touches.filter(([type]) => !OWN.includes(type))) {
      (steps[type] ??= []).push({
        key(data, event) {
          const key = touch.key(data, event);
          return key === undefined ? undefined : { process: of.name, key };
        },
        apply: (before, data, event) => reacted(of, touch.key(data, event)!, before, event),
      });
    }
  }
  const byName = new Map(processes.map((p) => [p.name, p]));
  for (const type of OWN) {
    steps[type] = [
      {
        key({ process, key }: OfInstance) {
          return byName.has(process) ? { process, key } : undefined;
        },
        apply: (before, { process, key }: OfInstance, event) => reacted(byName.get(process)!, key, before, event),
      },
    ];
  }
  return projection<ProcessInstance, DomainEvent>({ name: 'processes', version, row, on: steps });
}

/** The instance after an event. An answer to no pending step, and a deadline that is not the current one, change nothing. */
export function reacted<State, E extends DomainEvent>(
  of: ProcessManager<State, E>,
  key: string,
  before: Untraced<ProcessInstance<State>> | undefined,
  event: RecordedEvent,
): Untraced<ProcessInstance<State>> | undefined {
  const { react } = (of.on as Readonly<Record<string, Touch<State, DomainEvent>>>)[event.type] ?? {};
  if (!isOwn(event)) return after(of.name, key, before, event, react?.(before?.state, event.data, event));
  if (!before) return undefined;
  const seen = { ...before, revision: event.revision };
  if (event.type === 'process.deadline-passed.v1') {
    const { deadline, due } = event.data as { deadline: string; due: string };
    if (before.deadline?.name !== deadline || before.due !== due) return seen;
    const passed = { ...seen, deadline: null, due: null };
    return after(of.name, key, passed, event, react?.(before.state, event.data, event));
  }
  const { commandId } = event.data as Answered;
  if (!before.pending.some((p) => p.commandId === commandId)) return seen;
  const answered = { ...seen, pending: before.pending.filter((p) => p.commandId !== commandId) };
  return after(of.name, key, answered, event, react?.(before.state, event.data, event));
}

function after<State>(
  process: string,
  key: string,
  before: Untraced<ProcessInstance<State>> | undefined,
  event: RecordedEvent,
  reaction: Reaction<State> | undefined,
): Untraced<ProcessInstance<State>> | undefined {
  if (!reaction) return before;
  const { id: causationId, type, stream, revision, metadata } = event;
  const cause = { causationId, correlationId: metadata.correlationId };
  const wanted = (reaction.do ?? []).map((s) => ({
    ...s,
    ...cause,
    commandId: idOf('command', process, key, causationId, s.step),
  }));
  if (new Set(wanted.map((w) => w.step)).size < wanted.length) {
    throw new Error(`process ${process}: two steps of one reaction to ${type} have the same name`);
  }
  const pending = before?.pending ?? [];
  const triggers = before?.triggers ?? [];
  const known = isOwn(event) || triggers.some((t) => t.id === causationId);
  const end = reaction.end === null ? null : (before?.end ?? reaction.end ?? null);
  const { deadline } = reaction;
  const next =
    end !== null || deadline === null
      ? { deadline: null, due: null }
      : deadline
        ? { deadline: { name: deadline.name, ...cause }, due: new Date(deadline.at).toISOString() }
        : {};
  return {
    deadline: null,
    due: null,
    revision: -1,
    ...before,
    ...next,
    process,
    key,
    state: reaction.state,
    pending: [...pending, ...wanted.filter((w) => !pending.some((p) => p.commandId === w.commandId))],
    status: end === null ? 'running' : 'ended',
    end,
    regions: [...new Set([...(before?.regions ?? []), ...metadata.regions])].sort(),
    triggers: known ? triggers : [...triggers, { id: causationId, type, stream, revision }],
  };
}

/** Under which id and by whose authority a step is carried out: the same whenever it is tried again. */
export function stepContext({ process }: OfInstance, pending: PendingStep): CommandContext {
  const { commandId, causationId, correlationId, actingFor } = pending;
  return { commandId, causationId, correlationId, by: processActor(process, actingFor) };
}

/** The answer to a step, to be appended to the instance's stream. `refusal` is absent when it was carried out. */
export function outcomeOf(
  instance: ProcessInstance,
  pending: PendingStep,
  refusal: Pick<Refusal, 'code' | 'zh' | 'en'> | undefined,
  recordedAt: Date,
): NewEvent<ProcessEvent> {
  const { process, key } = instance;
  const { step, commandId, fields } = pending;
  const answered = { process, key, step, commandId };
  const id = idOf('outcome', commandId);
  const rest = (data: object) => ({
    id,
    metadata: metadataOf(instance, id, data, pending, fields.on, recordedAt),
  });
  if (!refusal) return { type: 'process.step-done.v1', data: answered, ...rest(answered) };
  const { code, zh, en } = refusal;
  const data = { ...answered, code, zh, en };
  return { type: 'process.step-refused.v1', data, ...rest(data) };
}

/**
 * That the instance's deadline has passed, to be appended to its stream.
 *
 * @throws TypeError when it has none
 */
export function deadlinePassed(instance: ProcessInstance, recordedAt: Date): NewEvent<ProcessEvent> {
  const { process, key, deadline, due } = instance;
  if (!deadline || !due) throw new TypeError(`process ${process} ${key} has no deadline`);
  const data = { process, key, deadline: deadline.name, due };
  // By what set it too: a day that was moved away and back again passes a second time.
  const id = idOf('deadline', process, key, deadline.name, due, deadline.causationId);
  const day = new Date(Date.parse(due) + CHINA_STANDARD_TIME_MS).toISOString().slice(0, 10);
  const metadata = metadataOf(instance, id, data, deadline, day, recordedAt);
  return { id, type: 'process.deadline-passed.v1', data, metadata };
}

const CHINA_STANDARD_TIME_MS = 8 * 3_600_000;

function metadataOf(
  { process, regions }: ProcessInstance,
  commandId: string,
  data: object,
  { causationId, correlationId }: Cause,
  occurredAt: string,
  recordedAt: Date,
): NewEvent['metadata'] {
  const commandDigest = createHash('sha256').update(canonicalJson(data)).digest('hex');
  return {
    commandId,
    commandDigest,
    causationId,
    correlationId,
    actor: processActor(process),
    occurredAt,
    recordedAt: recordedAt.toISOString(),
    regions,
    schemaVersion: 1,
  };
}
