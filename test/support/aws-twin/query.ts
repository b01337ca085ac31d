import { ApiError } from './api-error.ts';

/** A node of `A.1.B=v`: a value, or what follows the dot. */
interface Node {
  value?: string;
  below: Map<string, Node>;
}

/**
 * Parameters of one request. Each is read by its name; what nobody has read is unknown, and refused by `finish`.
 * Lists are `Name.1` in EC2 and `Name.member.1` in Auto Scaling and STS.
 */
export interface Parameters {
  text(name: string): string | undefined;
  required(name: string): string;
  integer(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  texts(name: string): string[];
  structures(name: string): Parameters[];
  /** Throws for what was sent and not read. */
  finish(): void;
}

/** Every name and value as it was sent; a name that comes twice is refused as AWS does. */
export function readForm(body: string): Map<string, string> {
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) {
    if (form.has(name)) throw new ApiError('MalformedQueryString', `The parameter ${name} occurs more than once`);
    form.set(name, value);
  }
  return form;
}

export function parameters(form: ReadonlyMap<string, string>, dialect: 'ec2' | 'query'): Parameters {
  const root: Node = { below: new Map() };
  for (const [name, value] of form) {
    let node = root;
    for (const part of name.split('.')) {
      let next = node.below.get(part);
      if (next === undefined) node.below.set(part, (next = { below: new Map() }));
      node = next;
    }
    node.value = value;
  }
  return reader(root, dialect, '');
}

function reader(root: Node, dialect: 'ec2' | 'query', path: string): Parameters {
  const read = new Set<string>();
  const children: Parameters[] = [];
  const take = (name: string): Node | undefined => {
    read.add(name);
    return root.below.get(name);
  };
  const text = (name: string): string | undefined => {
    const node = take(name);
    if (node !== undefined && node.below.size > 0) throw unknown(dialect, `${path}${name}`);
    return node?.value;
  };
  const items = (name: string): [string, Node][] => {
    const node = take(name);
    if (node === undefined) return [];
    // An empty list is sent as `Name=` by some clients of the Query protocol.
    if (node.value !== undefined && (dialect === 'ec2' || node.value !== '')) throw unknown(dialect, `${path}${name}`);
    const holder = dialect === 'ec2' ? node : node.below.get('member');
    if (holder === undefined) {
      if (node.below.size > 0) throw unknown(dialect, `${path}${name}.${[...node.below.keys()][0]}`);
      return [];
    }
    const entries = [...holder.below].map(([key, item]): [number, Node] => {
      if (!/^[1-9]\d*$/.test(key)) throw unknown(dialect, `${path}${name}.${key}`);
      return [Number(key), item];
    });
    return entries
      .toSorted(([a], [b]) => a - b)
      .map(([index, item]) => [`${path}${name}.${dialect === 'ec2' ? '' : 'member.'}${index}`, item]);
  };
  return {
    text,
    required(name) {
      const value = text(name);
      if (value !== undefined && value !== '') return value;
      throw missing(dialect, `${path}${name}`);
    },
    integer(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^-?\d{1,9}$/.test(value)) throw wrongType(dialect, value, `${path}${name}`, 'integer');
      return Number(value);
    },
    flag(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      if (value !== 'true' && value !== 'false') throw wrongType(dialect, value, `${path}${name}`, 'boolean');
      return value === 'true';
    },
    texts: (name) =>
      items(name).map(([itemPath, node]) => {
        if (node.value === undefined) throw unknown(dialect, itemPath);
        return node.value;
      }),
    structures: (name) =>
      items(name).map(([itemPath, node]) => {
        const child = reader(node, dialect, `${itemPath}.`);
        children.push(child);
        return child;
      }),
    finish() {
      for (const name of root.below.keys()) if (!read.has(name)) throw unknown(dialect, `${path}${name}`);
      for (const child of children) child.finish();
    },
  };
}

function unknown(dialect: 'ec2' | 'query', name: string): ApiError {
  // Auto Scaling and STS ignore what they do not know; a client that sends it has a mistake all the same.
  return dialect === 'ec2'
    ? new ApiError('UnknownParameter', `The parameter ${name} is not recognized`)
    : new ApiError('ValidationError', `Unexpected parameter: ${name}`);
}

function missing(dialect: 'ec2' | 'query', name: string): ApiError {
  if (dialect === 'ec2') return new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return new ApiError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

function wrongType(dialect: 'ec2' | 'query', value: string, name: string, type: string): ApiError {
  return dialect === 'ec2'
    ? new ApiError('InvalidParameterValue', `Invalid value '${value}' for ${name}. Expecting a ${type}.`)
    : new ApiError('MalformedInput', `Invalid ${type} value: ${value}`);
}
