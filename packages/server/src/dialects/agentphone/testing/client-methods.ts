/** Which methods a client has, and which of them a test has called. */

type Resource = Readonly<Record<string, unknown>>;

/** "agents.createAgent", …: the public methods of the client's resources. */
export function listMethods(client: object): string[] {
  return resourcesOf(client).flatMap(({ name, resource }) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
      .filter((method) => method !== "constructor" && !method.startsWith("_"))
      .map((method) => `${name}.${method}`),
  );
}

/** The same client, which notes what is called of it. */
export function recordCalls<Client extends object>(client: Client, called: Set<string>): Client {
  return new Proxy(client, {
    get(target, name) {
      const resource: unknown = Reflect.get(target, name);
      if (typeof resource !== "object" || resource === null || typeof name !== "string") return resource;
      return new Proxy(resource, {
        get(inner, method) {
          const value: unknown = Reflect.get(inner, method);
          if (typeof value !== "function") return value;
          return (...given: unknown[]) => {
            called.add(`${name}.${String(method)}`);
            return value.apply(inner, given) as unknown;
          };
        },
      });
    },
  });
}

function resourcesOf(client: object): { readonly name: string; readonly resource: Resource }[] {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(client)));
  return getters.flatMap(([name, { get }]) => {
    const resource: unknown = get?.call(client);
    return typeof resource === "object" && resource !== null ? [{ name, resource: resource as Resource }] : [];
  });
}
