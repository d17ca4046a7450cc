export type Environment = Readonly<Record<string, string | undefined>>;

/** An empty value is as good as none. */
export function text(environment: Environment, name: string): string | undefined {
  return environment[name] || undefined;
}

export function number(environment: Environment, name: string): number | undefined {
  const value = text(environment, name);
  return value === undefined ? undefined : positive(name, value);
}

/** @throws Error that names the variable when the text is no number, or a negative one. */
export function positive(name: string, value: string): number {
  const read = Number(value);
  if (value === '' || !Number.isFinite(read) || read < 0) throw new Error(`${name} must be a number.`);
  return read;
}

export function onOff(environment: Environment, name: string, otherwise: boolean): boolean {
  const value = oneOf(environment, name, ['on', 'off']);
  return value === undefined ? otherwise : value === 'on';
}

export function oneOf<Known extends string>(
  environment: Environment,
  name: string,
  known: readonly Known[],
): Known | undefined {
  const value = text(environment, name);
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new Error(`${name} must be ${known.join(' or ')}.`);
  return found;
}
