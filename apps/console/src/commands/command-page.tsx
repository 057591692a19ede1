import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useMemo, useRef, useState, type FormEvent } from 'react';
import { found, useCatalogue, type Command, type Said } from '../api/catalogue';
import { address, get, Refused, send, type Receipt } from '../api/http';
import { useActor, type Role } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { useRecorded } from '../kit/names';
import { moment, today } from '../kit/numbers';
import { Page } from '../kit/page';
import { ProblemNote, problemOf } from '../kit/problem';
import { roles } from '../kit/roles';
import { useAsked, type Search } from '../shell/search-params';
import { faultOf } from './check';
import { draftOf, dropDraft, keepDraft, keepRecent, keyFor } from './draft';
import { FieldInput } from './field-input';
import { bodyOf, fieldsOf, openApiQuery, type Field, type Values } from './form';

/** The form of any command, from what the platform says of it. */
export default function CommandPage() {
  const { command: name } = useParams({ strict: false });
  const command = found(useCatalogue().commands, name ?? '');
  const search = useAsked();
  const { data: api } = useSuspenseQuery(openApiQuery);
  const fields = useMemo(() => fieldsOf(api, command.path), [api, command.path]);
  return <CommandForm key={command.name + JSON.stringify(search)} command={command} fields={fields} search={search} />;
}

interface Props {
  readonly command: Command;
  readonly fields: readonly Field[];
  readonly search: Search;
}

function CommandForm({ command, fields, search }: Props) {
  const { say, tell } = useLanguage();
  const { actor, role } = useActor();
  const given = useMemo(() => givenBy(fields, search), [fields, search]);
  const [values, setValues] = useState<Values>(() => ({
    ...startOf(fields),
    ...draftOf(actor, command.name).values,
    ...given,
  }));
  const [faults, setFaults] = useState<Readonly<Record<string, Said>>>({});
  const [receipt, setReceipt] = useState<Receipt>();
  const form = useRef<HTMLFormElement>(null);
  const recorded = useRecorded();
  const stream = useStream(search.stream);

  const sending = useMutation({
    mutationFn: () => {
      const body = bodyOf(fields, values);
      return send(command.path, body, { key: keyFor(actor, command.name, values, body), revision: stream.seen });
    },
    onSuccess: (answer) => {
      dropDraft(actor, command.name);
      keepRecent(actor, { command: command.name, stream: answer.stream, at: new Date().toISOString() });
      setReceipt(answer);
      recorded();
    },
    onError: (error) => {
      const told = error instanceof Refused ? (error.problem.errors ?? []) : [];
      setFaults(Object.fromEntries(told.map(({ field, zh, en }) => [fieldNamed(fields, field), { zh, en }])));
    },
  });
  const change = (path: string, value: string) => {
    const next = { ...values, [path]: value };
    setValues(next);
    keepDraft(actor, command.name, { values: next, sent: draftOf(actor, command.name).sent });
    if (faults[path]) setFaults(({ [path]: _, ...rest }) => rest);
  };
  const check = (field: Field) => {
    const fault = faultOf(field, values[field.path] ?? '', siblingsOf(fields, field, values));
    setFaults(({ [field.path]: _, ...rest }) => (fault ? { ...rest, [field.path]: fault } : rest));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (sending.isPending) return;
    const wrong = fields.flatMap((field) => {
      const fault = faultOf(field, values[field.path] ?? '', siblingsOf(fields, field, values));
      return fault ? [[field.path, fault] as const] : [];
    });
    setFaults(Object.fromEntries(wrong));
    if (wrong.length === 0) return sending.mutate();
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  };

  const title = tell(brief(command));
  const may = command.roles.includes(role);
  const who = command.roles.map((one) => tell(roles[one as Role])).join(say('、', ', '));
  if (receipt)
    return (
      <Done
        command={command}
        receipt={receipt}
        values={values}
        again={() => {
          setReceipt(undefined);
          setValues({ ...startOf(fields), ...given });
        }}
      />
    );
  const problem = sending.error ? problemOf(sending.error) : undefined;
  return (
    <Page
      title={title}
      lead={
        <>
          {tell(command) !== title && `${tell(command)}${say('。', '.')}`}
          {say(
            '带 * 的必填；未提交的内容保留在本机。',
            ' Fields with * are required; what is not sent yet is kept here.',
          )}
        </>
      }
    >
      {!may && (
        <Alert
          type="warning"
          showIcon
          title={say('您的角色不能办理此事', 'Your role may not do this')}
          description={say(`由${who}办理`, `It is done by: ${who}`)}
        />
      )}
      <form ref={form} className="form" onSubmit={submit} noValidate aria-label={tell(command)}>
        {groupsOf(fields).map(({ label, fields: group }, i) => {
          const inputs = group.map((field) => (
            <div key={field.path} onBlur={() => check(field)}>
              <FieldInput
                field={field}
                values={values}
                fault={faults[field.path]}
                onChange={(value) => change(field.path, value)}
              />
            </div>
          ));
          return label === undefined ? (
            <div key={i} className="fields">
              {inputs}
            </div>
          ) : (
            <fieldset key={i} className="fields">
              <legend>{tell(label)}</legend>
              {inputs}
            </fieldset>
          );
        })}
        {problem && problem.status !== 412 && <ProblemNote problem={problem} />}
        {problem?.status === 412 && (
          <Faster stream={search.stream!} since={stream.seen ?? -1} goOn={() => void stream.look()} />
        )}
        <div className="form-end">
          <Button type="primary" htmlType="submit" disabled={!may} loading={sending.isPending}>
            {say('提交', 'Submit')}
          </Button>
          <Button
            onClick={() => {
              dropDraft(actor, command.name);
              setValues({ ...startOf(fields), ...given });
              setFaults({});
            }}
          >
            {say('清空', 'Clear')}
          </Button>
        </div>
      </form>
    </Page>
  );
}

const startOf = (fields: readonly Field[]): Values => (fields.some(({ path }) => path === 'on') ? { on: today() } : {});

/** What the address has of the fields: from a row, or a link that somebody passed on. */
const givenBy = (fields: readonly Field[], search: Search): Values =>
  Object.fromEntries(fields.flatMap(({ path }) => (search[path] === undefined ? [] : [[path, search[path]]])));

const fieldNamed = (fields: readonly Field[], field: string) =>
  fields.some(({ path }) => path === field)
    ? field
    : (fields.find(({ path }) => path.startsWith(`${field}.`))?.path ?? field);

/** Whether another part of the same field has something in it: then all of its parts are wanted. */
const siblingsOf = (fields: readonly Field[], { path, of }: Field, values: Values) =>
  of !== undefined &&
  fields.some(
    (other) =>
      other.path !== path &&
      other.path.split('.')[0] === path.split('.')[0] &&
      (values[other.path] ?? '').trim() !== '',
  );

function groupsOf(fields: readonly Field[]): { label?: Said; fields: Field[] }[] {
  const groups: { label?: Said; fields: Field[] }[] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    if (last && last.label === field.of?.label) last.fields.push(field);
    else groups.push({ label: field.of?.label, fields: [field] });
  }
  return groups;
}

interface StreamPage {
  readonly events: readonly {
    readonly revision: number;
    readonly type: string;
    readonly metadata: {
      readonly occurredAt: string;
      readonly recordedAt: string;
      readonly actor?: { readonly id: string };
    };
  }[];
  readonly next: number | null;
}

const streamPage = (stream: string, from?: number) =>
  get<StreamPage>(address(`/api/v1/streams/${encodeURIComponent(stream)}`, { from, limit: 1000 }));

/** How the thing stood when the form was opened: a change in between is shown before it is built upon. */
function useStream(stream: string | undefined) {
  const { data, refetch } = useQuery({
    queryKey: ['form-stream', stream],
    queryFn: () => streamPage(stream!),
    enabled: stream !== undefined,
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    meta: { still: true },
  });
  // A story of more than a page moves too often to be held to one revision.
  return { seen: data?.next === null ? data.events.at(-1)?.revision : undefined, look: refetch };
}

/** Someone else was faster: what they did, and the choice to go on all the same. */
function Faster({
  stream,
  since,
  goOn,
}: {
  readonly stream: string;
  readonly since: number;
  readonly goOn: () => void;
}) {
  const { say, tell } = useLanguage();
  const { events } = useCatalogue();
  const { data } = useQuery({ queryKey: ['faster', stream, since], queryFn: () => streamPage(stream, since + 1) });
  const changes = (
    <ul>
      {data?.events.map(({ revision, type, metadata }) => (
        <li key={revision}>
          {events[type] ? tell(events[type]) : type} · {metadata.occurredAt} · {metadata.actor?.id} ·{' '}
          {moment(metadata.recordedAt)}
        </li>
      ))}
    </ul>
  );
  return (
    <Alert
      role="alert"
      type="warning"
      showIcon
      title={say('在您填写时，他人已先改动此事；您的内容仍在', 'Someone else was faster; what you typed is still here')}
      description={changes}
      action={<Button onClick={goOn}>{say('已知悉，可再提交', 'I have seen it; let me submit')}</Button>}
    />
  );
}

function Done({
  command,
  receipt,
  values,
  again,
}: {
  readonly command: Command;
  readonly receipt: Receipt;
  readonly values: Values;
  readonly again: () => void;
}) {
  const { say, tell } = useLanguage();
  const { events, lists } = useCatalogue();
  const list = lists
    .filter(({ context }) => context === command.context)
    .find(({ key }) => key.every((name) => values[name]));
  const said = receipt.events.map(({ type }) => (events[type] ? tell(events[type]) : type)).join(say('、', ', '));
  return (
    <Page title={tell(brief(command))}>
      <Alert
        role="status"
        type="success"
        showIcon
        title={
          receipt.events.length === 0
            ? say('与现状相同，没有新的事件', 'It is so already; no event was needed')
            : say(`已记录：${said}`, `Recorded: ${said}`)
        }
        description={
          receipt.repeated
            ? say('这一命令先前已执行，未重复记录', 'It had been carried out before, and was not recorded twice')
            : undefined
        }
      />
      <p className="next-steps">
        {list && (
          <Link
            className="button"
            to="/lists/$list"
            params={{ list: list.name }}
            search={Object.fromEntries(list.key.map((name) => [name, values[name]]))}
          >
            {say('看它现在的样子', 'See it as it is now')}
          </Link>
        )}
        <Link className="button" to="/streams/$stream" params={{ stream: receipt.stream }}>
          {say('看它的全部经过', 'Its whole story')}
        </Link>
        <Button onClick={again}>{say('再办一件', 'Another one')}</Button>
      </p>
    </Page>
  );
}
