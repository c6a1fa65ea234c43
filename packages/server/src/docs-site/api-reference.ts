/** The OpenAPI description as Markdown, for those who read rather than click. */

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
};
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly description?: string;
};
type Body = { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
type Operation = {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body & { readonly description?: string }>>;
};
export type ApiDescription = {
  readonly info: { readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly webhooks?: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
};

const INTRODUCTION = `Send the API key as \`Authorization: Bearer <key>\`. Bodies are JSON with camelCase names. Errors are RFC 9457 problem
documents (\`application/problem+json\`) with a stable \`code\`, a \`detail\` in words, the wrong fields in \`errors\`, and a
\`requestId\`. The same as OpenAPI 3.1: [/openapi.json](/openapi.json).`;

export const REFERENCE_TITLE = "API reference";

export function toReferenceMarkdown(api: ApiDescription): string {
  const operations = [
    ...Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    ),
    ...Object.entries(api.webhooks ?? {}).map(([path, { post }]) => ({ path, method: "webhook", operation: post })),
  ];
  const named = new Set(api.tags?.map(({ name }) => name));
  const others = new Set(operations.flatMap(({ operation }) => operation.tags ?? []).filter((tag) => !named.has(tag)));
  const tags = [...(api.tags ?? []), ...[...others].map((name) => ({ name, description: "" }))];
  const sections = tags.map(({ name, description = "" }) => {
    const members = operations.filter(({ operation }) => operation.tags?.includes(name));
    return members.length === 0
      ? ""
      : [`## ${name}`, description, ...members.map(describeOperation)].filter(Boolean).join("\n\n");
  });
  const schemas = Object.entries(api.components?.schemas ?? {}).map(([name, schema]) => describeSchema(name, schema));
  return [`# ${REFERENCE_TITLE}`, api.info.description ?? "", INTRODUCTION, ...sections, "## Schemas", ...schemas]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function describeOperation({
  path,
  method,
  operation,
}: {
  path: string;
  method: string;
  operation: Operation;
}): string {
  const { summary, description, parameters = [], requestBody, responses = {} } = operation;
  const answers = Object.entries(responses)
    .filter(([status]) => status !== "default")
    .map(([status, answer]) => `${status} ${bodyType(answer)}`.trim());
  const lines = [
    ...parameters.map(
      (parameter) =>
        `- \`${parameter.name}\` (${parameter.in}, ${describeType(parameter.schema)}${parameter.required ? ", required" : ""})${about(parameter.description ?? parameter.schema?.description)}`,
    ),
    ...(requestBody === undefined ? [] : [`- Body: ${bodyType(requestBody)}`]),
    ...(answers.length === 0 ? [] : [`- Answers: ${answers.join("; ")}`]),
  ];
  return [
    `### ${method.toUpperCase()} ${path}`,
    [summary, description].filter(Boolean).map(asSentence).join(" "),
    lines.join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function describeSchema(name: string, schema: Schema): string {
  const head = `### ${name}`;
  const { properties } = schema;
  if (properties === undefined) return [head, `${describeType(schema)}${about(schema.description)}`].join("\n\n");
  const fields = Object.entries(properties).map(([field, value]) => {
    const required = schema.required?.includes(field) ? ", required" : "";
    const fallback = value.default === undefined ? "" : `, default ${JSON.stringify(value.default)}`;
    return `- \`${field}\` (${describeType(value)}${required}${fallback})${about(value.description)}`;
  });
  return [head, schema.description ?? "", fields.join("\n")].filter((part) => part !== "").join("\n\n");
}

function bodyType({ content = {} }: Body): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (type === "application/json" ? describeType(schema) : type))
    .join(" or ");
}

/** In one line; objects without a name show their fields' names. */
function describeType(schema: Schema | undefined): string {
  if (schema === undefined) return "anything";
  if (schema.$ref !== undefined) return schema.$ref.split("/").at(-1) ?? "";
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(describeType))].join(" | ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.items !== undefined) return `list of ${describeType(schema.items)}`;
  if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  return typeof schema.type === "string" ? schema.type : (schema.type?.join(" | ") ?? "anything");
}

function about(description: string | undefined): string {
  return description === undefined || description === "" ? "" : `: ${description}`;
}

function asSentence(text: string | undefined): string {
  return text === undefined || /[.!?]$/.test(text) ? (text ?? "") : `${text}.`;
}
