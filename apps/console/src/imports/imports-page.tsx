import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useRef } from 'react';
import { useCatalogue } from '../api/catalogue';
import { address, ask, OWN_PAGE, question } from '../api/http';
import type { components } from '../api/openapi';
import { useActor } from '../api/session';
import { brief, useLanguage } from '../kit/language';
import { moment, number } from '../kit/numbers';
import { Page } from '../kit/page';
import { Failed } from '../kit/problem';
import { useAsked } from '../shell/search-params';
import { StateOf } from './state';

type Import = components['schemas']['ImportDto'];

/** Sheets of commands: a template, an upload that is only tried, and all that were uploaded before. */
export default function ImportsPage() {
  const { say, tell, language } = useLanguage();
  const { role } = useActor();
  const writes = role === 'operator' || role === 'province';
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery({
    queryKey: ['imports'],
    queryFn: async ({ pageParam, signal }) =>
      (await question('/api/v1/imports', { params: { query: { before: pageParam } }, signal })).data!,
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const imports = data?.pages.flatMap((page) => page.imports) ?? [];
  return (
    <Page
      title={say('批量导入', 'Import')}
      lead={say(
        '把一张表格的每一行作为一件事办理：先试办，改好有误的行，再提交。同一张表再导入一次，什么也不会变。',
        'Each row of a sheet is one matter: it is tried first, mended where it is at fault, then sent. The same sheet again changes nothing.',
      )}
    >
      {writes && <Upload />}
      {error && <Failed error={error} again={() => void refetch()} />}
      <div className="table-scroll" tabIndex={0} role="region" aria-label={say('以往的导入', 'Earlier imports')}>
        <table className="figures">
          <thead>
            <tr>
              <th scope="col">{say('文件', 'File')}</th>
              <th scope="col">{say('事项', 'Matter')}</th>
              <th scope="col">{say('上传者', 'By')}</th>
              <th scope="col">{say('时间', 'At')}</th>
              <th scope="col">{say('状态', 'State')}</th>
              <th scope="col" className="numeric">
                {say('行数', 'Rows')}
              </th>
              <th scope="col" className="numeric">
                {say('已记录', 'Recorded')}
              </th>
              <th scope="col" className="numeric">
                {say('有误', 'At fault')}
              </th>
            </tr>
          </thead>
          <tbody>
            {imports.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <Link to="/imports/$id" params={{ id: one.id }}>
                    {one.file ?? one.id}
                  </Link>
                </th>
                <td>{tell(brief(one))}</td>
                <td>{one.by.id}</td>
                <td>{moment(one.createdAt)}</td>
                <td>
                  <StateOf state={one.state} />
                </td>
                <td className="numeric">{number(one.rows, language)}</td>
                <td className="numeric">{number(one.counts.recorded + one.counts.repeated, language)}</td>
                <td className="numeric">{number(one.counts.faulty + one.counts.refused, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data && imports.length === 0 && <p className="empty">{say('还没有导入过', 'Nothing was imported yet')}</p>}
      {hasNextPage && (
        <Button loading={isFetching} onClick={() => void fetchNextPage()}>
          {say('更多', 'More')}
        </Button>
      )}
    </Page>
  );
}

function Upload() {
  const { say, tell } = useLanguage();
  const { commands, contexts } = useCatalogue();
  const { role } = useActor();
  const navigate = useNavigate();
  const { command } = useAsked();
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const headers = {
        ...OWN_PAGE,
        'Content-Type': 'application/octet-stream',
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      };
      const response = await ask(address('/api/v1/imports', { command }), { method: 'POST', headers, body: file });
      return (await response.json()) as Import;
    },
    onSuccess: ({ id }) => navigate({ to: '/imports/$id', params: { id } }),
  });
  const options = contexts
    .map((context) => ({
      label: tell(context),
      options: commands
        .filter((one) => one.context === context.name && one.roles.includes(role))
        .map((one) => ({ value: one.name, label: tell(brief(one)) })),
    }))
    .filter((group) => group.options.length > 0);
  const template = (format: 'csv' | 'xlsx') => address(`/api/v1/imports/templates/${command}`, { format });
  return (
    <section className="card">
      <div className="filters">
        <Select
          aria-label={say('导入的事项', 'What is imported')}
          placeholder={say('① 选择事项', '1. Choose the matter')}
          showSearch={{ optionFilterProp: 'label' }}
          value={command}
          options={options}
          onChange={(chosen: string) => void navigate({ to: '/imports', search: { command: chosen }, replace: true })}
          style={{ width: 300 }}
        />
        <span>
          {say('② 模板', '2. Template')}{' '}
          <Button disabled={command === undefined} href={command && template('xlsx')}>
            XLSX
          </Button>{' '}
          <Button disabled={command === undefined} href={command && template('csv')}>
            CSV
          </Button>
        </span>
        <Button
          type="primary"
          disabled={command === undefined}
          loading={upload.isPending}
          onClick={() => input.current?.click()}
        >
          {say('③ 上传并试办（不记录）', '3. Upload and try (nothing is recorded)')}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".csv,.xlsx,.txt"
          aria-label={say('表格文件', 'Sheet')}
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (file) upload.mutate(file);
            target.value = '';
          }}
        />
        <span className="lead">
          {say(
            'CSV（UTF-8 或 GBK）或 .xlsx；金额的单位写在列名里，如“金额（万元）”。',
            'CSV (UTF-8 or GBK) or .xlsx; the unit of an amount stands in its header.',
          )}
        </span>
      </div>
      {upload.error && <Failed error={upload.error} />}
    </section>
  );
}
