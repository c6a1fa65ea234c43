/** The verbs of a resource as our own API needs them: untyped JSON in and out, checked by its kind. */
import type { z } from "zod";
import type { Page, PageRequest } from "../page.ts";
import type { Resource, Resources } from "./resource.ts";
import type { JsonObject } from "./resource-shapes.ts";

export type ResourceVerbs = {
  create(workspaceId: string, input: JsonObject): Promise<JsonObject>;
  read(workspaceId: string, id: string): Promise<JsonObject>;
  page(workspaceId: string, request: PageRequest): Promise<Page<JsonObject>>;
  update(workspaceId: string, id: string, patch: JsonObject): Promise<JsonObject>;
  delete(workspaceId: string, id: string): Promise<void>;
};

/**
 * @param options `check`: looks at what a client sent before it is stored, `show`: what our API shows of a resource; `replace`: verbs
 *   that a kind has of its own
 */
export function toVerbs<Shape extends z.ZodObject>(
  resources: Resources<Shape>,
  options: {
    readonly check?: (workspaceId: string, input: JsonObject) => Promise<void>;
    readonly show?: (resource: Resource<z.output<Shape>>) => JsonObject;
    readonly replace?: Partial<ResourceVerbs>;
  } = {},
): ResourceVerbs {
  const { check = async () => {}, show = toShown, replace = {} } = options;
  return {
    async create(workspaceId, input) {
      const settings = resources.parse(input);
      await check(workspaceId, input);
      return show(await resources.create(workspaceId, settings));
    },
    async read(workspaceId, id) {
      return show(await resources.read(workspaceId, id));
    },
    async page(workspaceId, request) {
      const { data, ...rest } = await resources.page(workspaceId, request);
      return { data: data.map(show), ...rest };
    },
    async update(workspaceId, id, patch) {
      await check(workspaceId, patch);
      return show(await resources.patch(workspaceId, id, patch));
    },
    delete: (workspaceId, id) => resources.delete(workspaceId, id),
    ...replace,
  };
}

/** Without what dialects keep beside it. */
export function toShown({ sent: _, parentId: __, ...shown }: JsonObject): JsonObject {
  return shown;
}
