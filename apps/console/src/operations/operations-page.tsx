import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import type { components } from '../api/openapi';
import { order, question } from '../api/http';
import { useActor } from '../api/session';
import { useLanguage } from '../kit/language';
import { useRecorded } from '../kit/names';
import { moment, number, percent } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';

type Build = components['schemas']['BuildDto'];
type Parked = components['schemas']['ParkedDto'];

/** What runs beside the door: projections with their progress, what is parked, whether figures agree with their entries. */
export default function OperationsPage() {
  const { say, language } = useLanguage();
  const { role } = useActor();
  const { data, error, refetch } = useQuery({
    queryKey: ['projections'],
    queryFn: async ({ signal }) => (await question('/api/v1/operations/projections', { signal })).data!,
    refetchInterval: 2_000,
  });
  const watermark = data?.watermarkAgeSeconds;
  return (
    <Page
      title={say('运行', 'Operation')}
      lead={
        watermark !== undefined &&
        watermark !== null &&
        say(
          `水位滞后 ${number(watermark, language)} 秒（未结束的事务使读者等待）`,
          `Watermark ${number(watermark, language)} s behind (readers wait for transactions that have not ended)`,
        )
      }
    >
      {error && <Failed error={error} again={() => void refetch()} />}
      <Ready />
      <div className="table-scroll" tabIndex={0} role="region" aria-label={say('投影', 'Projections')}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{say('投影', 'Projection')}</th>
              <th scope="col">{say('构建', 'Build')}</th>
              <th scope="col" className="numeric">
                {say('版本', 'Version')}
              </th>
              <th scope="col">{say('进度', 'Progress')}</th>
              <th scope="col" className="numeric">
                {say('滞后，秒', 'Behind, s')}
              </th>
              <th scope="col">{say('维护者', 'Kept by')}</th>
              <th scope="col">{say('开始于', 'Since')}</th>
              {role === 'province' && <th scope="col">{say('操作', 'Do')}</th>}
            </tr>
          </thead>
          <tbody>
            {data?.builds.map((build) => (
              <tr key={`${build.projection} ${build.build}`}>
                <th scope="row">{build.projection}</th>
                <td>{build.build === 'live' ? say('现用', 'live') : say('重建中', 'being rebuilt')}</td>
                <td className="numeric">{build.version}</td>
                <td>
                  <progress value={build.progress} aria-label={build.projection} /> {percent(build.progress)}
                  {build.secondsLeft !== null &&
                    say(
                      `，约余 ${number(Math.ceil(Number(build.secondsLeft)), language)} 秒`,
                      `, ${number(Math.ceil(Number(build.secondsLeft)), language)} s left`,
                    )}
                </td>
                <td className="numeric">{number(build.lagSeconds, language)}</td>
                <td>{build.owner ?? '—'}</td>
                <td>{moment(build.startedAt)}</td>
                {role === 'province' && (
                  <td>
                    <Rebuild build={build} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <ParkedKeys parked={data?.parked ?? []} />
      <Differences />
      {role === 'province' && <Park />}
    </Page>
  );
}

/** Whether the platform can serve, as a probe is told. */
function Ready() {
  const { say } = useLanguage();
  const { data, error } = useQuery({
    queryKey: ['ready'],
    queryFn: async ({ signal }) => (await question('/health/ready', { signal })).response.status,
    refetchInterval: 5_000,
    retry: false,
  });
  if (error) return <Failed error={error} />;
  return (
    <p>
      {data && (
        <span className="tag good">
          {say('可以服务：数据库与事件库可达，投影正常', 'Ready: database and event store answer, projections run')}
        </span>
      )}
    </p>
  );
}

function Rebuild({ build: { build, projection } }: { readonly build: Build }) {
  const { say } = useLanguage();
  const recorded = useRecorded();
  const path = build === 'live' ? '/api/v1/operations/projections/rebuild' : '/api/v1/operations/projections/discard';
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => order(path, { body: { projection } }),
    onSuccess: recorded,
  });
  const label = build === 'live' ? say('从头重建', 'Rebuild') : say('放弃重建', 'Discard');
  return (
    <>
      <Popconfirm
        title={
          build === 'live'
            ? say(
                '在旁重建；摘要相同才替换，期间照常查询',
                'Built beside; it replaces only with an equal digest, and questions go on meanwhile',
              )
            : say('放弃这次重建', 'Discard this rebuild')
        }
        onConfirm={() => mutate()}
        okText={label}
        cancelText={say('取消', 'Cancel')}
      >
        <Button size="small" loading={isPending}>
          {label}
        </Button>
      </Popconfirm>
      {error && <Failed error={error} />}
    </>
  );
}

function ParkedKeys({ parked }: { readonly parked: readonly Parked[] }) {
  const { say } = useLanguage();
  const { role } = useActor();
  const recorded = useRecorded();
  const resume = useMutation({
    mutationFn: ({ projection, key }: Parked) =>
      order('/api/v1/operations/projections/resume', { body: { projection, key } }),
    onSuccess: recorded,
  });
  return (
    <section className="card">
      <h2>
        {say('暂停的键', 'Parked keys')} <span className="badge">{parked.length}</span>
      </h2>
      <p className="lead">
        {say(
          '所涉统计不完整，直到重试成功。',
          'The figures that they belong to are incomplete until they are resumed.',
        )}
      </p>
      {resume.error && <Failed error={resume.error} />}
      <ul className="things">
        {parked.map((one) => (
          <li key={`${one.projection} ${one.build} ${one.key}`}>
            <p>
              <strong>{one.projection}</strong> <code>{one.key}</code> ·{' '}
              {say(`${one.events} 个事件等待`, `${one.events} events wait`)}
            </p>
            <p className="meta">
              <span>{moment(one.since)}</span>
              <span>{String(one.reason ?? '')}</span>
            </p>
            {role === 'province' && (
              <Button size="small" loading={resume.isPending} onClick={() => resume.mutate(one)}>
                {say('重试', 'Resume')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A key can be parked by hand, so that its events wait while the rest goes on. */
function Park() {
  const { say } = useLanguage();
  const recorded = useRecorded();
  const [projection, setProjection] = useState('');
  const [key, setKey] = useState('');
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => order('/api/v1/operations/projections/park', { body: { projection, key } }),
    onSuccess: recorded,
  });
  return (
    <section className="card">
      <h2>{say('暂停一个键', 'Park a key')}</h2>
      <div className="filters">
        <Input
          aria-label={say('投影', 'Projection')}
          placeholder={say('投影', 'Projection')}
          value={projection}
          onChange={({ target }) => setProjection(target.value)}
          style={{ width: 180 }}
        />
        <Input
          aria-label={say('键', 'Key')}
          placeholder={say('键', 'Key')}
          value={key}
          onChange={({ target }) => setKey(target.value)}
          style={{ width: 360 }}
        />
        <Button loading={isPending} disabled={projection === '' || key === ''} onClick={() => mutate()}>
          {say('暂停', 'Park')}
        </Button>
      </div>
      {error && <Failed error={error} />}
    </section>
  );
}

function Differences() {
  const { say } = useLanguage();
  const { role } = useActor();
  const kept = useQuery({
    queryKey: ['differences'],
    queryFn: async ({ signal }) => (await question('/api/v1/operations/figures', { signal })).data!,
  });
  const compare = useMutation({
    mutationFn: async () => (await order('/api/v1/operations/figures/compare', {})).data,
    onSuccess: () => kept.refetch(),
  });
  const differences = kept.data?.differences ?? [];
  return (
    <section className="card">
      <h2>{say('统计与明细', 'Figures and their entries')}</h2>
      {kept.error && <Failed error={kept.error} />}
      {kept.data && differences.length === 0 && (
        <p className="tag good">{say('最近一次核对：全部相符', 'Compared last: all agree')}</p>
      )}
      <ul className="things">
        {differences.map((one) => (
          <li key={JSON.stringify([one.figure, one.set, one.cell, one.bucket])}>
            <strong>{one.figure}</strong> <code>{JSON.stringify(one.cell)}</code> {say('所存', 'kept')}{' '}
            <code>{JSON.stringify(one.kept)}</code> {say('明细之和', 'of entries')}{' '}
            <code>{JSON.stringify(one.entries)}</code>
          </li>
        ))}
      </ul>
      {role === 'province' && (
        <Button loading={compare.isPending} onClick={() => compare.mutate()}>
          {say('现在核对', 'Compare now')}
        </Button>
      )}
      {compare.error && <Failed error={compare.error} />}
    </section>
  );
}
