import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ask } from '../api/http';
import { Failed } from './problem';
import { save } from './save';

interface Props {
  /** Of the file. */
  readonly name: string;
  /** What of the platform is saved, and as which type: a link cannot say what it accepts. */
  readonly path: string;
  readonly accept: 'text/csv' | 'application/x-ndjson';
  readonly children: ReactNode;
}

/** Saves an answer of the platform as a file; a refusal is shown, not saved. */
export function SaveButton({ name, path, accept, children }: Props) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => save(name, await (await ask(path, { headers: { Accept: accept } })).blob()),
  });
  return (
    <>
      {error && <Failed error={error} />}
      <Button loading={isPending} onClick={() => mutate()}>
        {children}
      </Button>
    </>
  );
}
