/** What the command line says about a noun of the API: from this come its commands and their help. */
import type { Earshot, PageOf, RequestOptions } from "@earshot/sdk";
import type { AddCommands } from "../command-context.ts";

/** What the SDK offers of a noun; a verb that it lacks gets no command. */
export type Collection<Item extends object, ListItem extends object> = {
  list?(query: never, options?: RequestOptions): PageOf<ListItem>;
  get?(id: string, options?: RequestOptions): Promise<Item>;
  create?(body: never, options?: RequestOptions): Promise<object>;
  update?(id: string, changes: never, options?: RequestOptions): Promise<object>;
  delete?(id: string, options?: RequestOptions): Promise<void>;
};

export type Filter = {
  /** E.g. "--agent <name>". */
  readonly flags: string;
  readonly about: string;
  /** The name of the query parameter. */
  readonly query: string;
  readonly choices?: readonly string[];
  /** Makes the parameter of what was typed. Default: as typed. */
  readonly resolve?: (client: Earshot, typed: string) => Promise<string>;
};

export type VerbOrder = {
  readonly id: string;
  /** As typed; an optional one that is absent is missing. */
  readonly args: readonly string[];
  readonly data: unknown;
};

/** An order to one thing beyond the usual verbs, e.g. deploy. */
export type Verb = {
  readonly name: string;
  readonly about: string;
  /** What it takes from --data. Default: nothing. */
  readonly data?: "required" | "optional";
  /** What follows the id, e.g. ["<version>"]. Default: nothing. */
  readonly args?: readonly string[];
  readonly run: (client: Earshot, order: VerbOrder) => Promise<unknown>;
  /** Default: indented JSON, or "Done." where there is no result. */
  readonly toText?: (result: object) => string;
};

export type Noun<Item extends object = object, ListItem extends object = object> = {
  /** The command, e.g. "phone-numbers". */
  readonly name: string;
  /** One of them, e.g. "phone number". */
  readonly one: string;
  readonly about: string;
  /** What they belong to where they have no place of their own; every command but `verbs` asks for it by this option. */
  readonly parent?: { readonly flags: string; readonly about: string };
  /** `parentId` is empty for nouns without a parent, and while it isn't known yet. */
  readonly of: (client: Earshot, parentId: string) => Collection<Item, ListItem>;
  /** Column heads of the list with what stands below them. */
  readonly columns: Readonly<Record<string, (item: ListItem) => string | number | boolean | null | undefined>>;
  /** False where lists come whole. Default true. */
  readonly isPaged?: boolean;
  readonly filters?: readonly Filter[];
  /** Finds the id by a name that people use. Default: ids alone. */
  readonly findId?: (client: Earshot, nameOrId: string) => Promise<string>;
  /** One thing in words. Default: indented JSON. */
  readonly toText?: (item: Item) => string;
  readonly verbs?: readonly Verb[];
  /** Commands that fit no pattern. */
  readonly addMore?: AddCommands;
};

/** Forgets what a noun's items are, so that nouns can stand in one list. */
export function defineNoun<Item extends object, ListItem extends object>(noun: Noun<Item, ListItem>): Noun {
  return noun as unknown as Noun;
}
