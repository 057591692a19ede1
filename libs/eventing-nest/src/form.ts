import type { PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { fieldsOf, type Asking } from '#libs/fields';
import { flatten, invalidFields, type FieldProblem } from './problem.js';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a class, as they are sent in a body or a query string: exactly these, each mended and checked. */
export class Form<T extends object> implements PipeTransform<unknown, Promise<T>> {
  constructor(private readonly Class: Type<T>) {}

  /** @throws ProblemException that names every field at fault */
  transform(sent: unknown): Promise<T> {
    return this.checked(sent);
  }

  /**
   * @param asking of what people state: what is asked at the door only is asked then
   * @throws ProblemException that names every field at fault
   */
  async checked(sent: unknown, asking?: Asking): Promise<T> {
    const { Class } = this;
    if (!isObject(sent)) throw invalidFields([{ field: '', ...NO_OBJECT }]);
    const unknown = strangersIn(Class, sent);
    const fields = plainToInstance(Class, known(Class, sent));
    const wrong = (await validate(fields, { forbidUnknownValues: false })).flatMap((error) => flatten(error));
    const named = new Set(wrong.map(({ field }) => field));
    const late = asking === undefined ? [] : askedAtDoor(Class, fields as Fields, asking);
    const problems = [...unknown, ...wrong, ...late.filter(({ field }) => !named.has(field))];
    if (problems.length > 0) throw invalidFields(problems);
    return fields;
  }
}

/** Body or query string, checked field by field; what the class does not name is refused. */
export const validated = <T extends object>(Class: Type<T>) => new Form(Class);

/** What is asked for without parameters: any that is sent is refused. */
export class NoParameters {}

const NO_OBJECT = { code: 'object', zh: '须为 JSON 对象', en: 'must be a JSON object' };
const NO_FIELD = { code: 'unknown', zh: '没有这个字段', en: 'there is no such field' };

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the class has no field for, at any depth. */
function strangersIn(Class: Type<object>, sent: Fields, path = ''): FieldProblem[] {
  const fields = fieldsOf(Class);
  return Object.entries(sent).flatMap(([name, value]) => {
    const field = fields.get(name);
    if (!field) return [{ field: path + name, ...NO_FIELD }];
    return field.nested && isObject(value) ? strangersIn(field.nested(), value, `${path}${name}.`) : [];
  });
}

/**
 * Only what the class has a field for: nothing that walks objects meets a name which means something to JavaScript. A null says
 * what leaving the field out says.
 */
function known(Class: Type<object>, sent: Fields): Fields {
  const fields = [...fieldsOf(Class)].filter(([name]) => Object.hasOwn(sent, name) && sent[name] !== null);
  return Object.fromEntries(
    fields.map(([name, { nested }]) => {
      const value = sent[name];
      return [name, nested && isObject(value) ? known(nested(), value) : value];
    }),
  );
}

function askedAtDoor(Class: Type<object>, fields: Fields, asking: Asking, path = ''): FieldProblem[] {
  return [...fieldsOf(Class)].flatMap(([name, { code, atDoor, nested }]) => {
    const value = fields[name];
    if (value === undefined || value === null) return [];
    if (nested) return isObject(value) ? askedAtDoor(nested(), value, asking, `${path}${name}.`) : [];
    const said = atDoor?.(value, asking);
    return said ? [{ field: path + name, code, zh: said[0], en: said[1] }] : [];
  });
}
