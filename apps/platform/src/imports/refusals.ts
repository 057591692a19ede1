import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ProblemDto } from '#libs/eventing-nest';

type Codes = Readonly<Record<number, readonly string[]>>;

/** What a route of imports can be refused with, by status. */
export const importProblems = (codes: Codes): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...Object.entries<readonly string[]>({ 401: ['auth.missing', 'auth.invalid'], ...codes }).map(([status, list]) =>
      ApiResponse({
        status: Number(status),
        type: ProblemDto,
        description: list.map((code) => `\`${code}\``).join('、'),
      }),
    ),
  );

/** Of what changes an import as a whole. */
export const OF_IMPORTS: Codes = {
  403: ['auth.role', 'import.not-yours'],
  404: ['import.unknown'],
  409: ['import.busy'],
};

/** Of what changes one of its rows. */
export const OF_ROWS: Codes = {
  403: ['auth.role', 'import.not-yours'],
  404: ['import.unknown', 'row.unknown'],
  409: ['import.busy', 'row.recorded'],
  422: ['request.invalid'],
};
